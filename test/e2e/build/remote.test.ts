import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type OddServer } from '../../../src/registry/testing/odd-server.ts';
import { temporaryFolder, type Outcome } from '../kiln.ts';
import { canBuild, hasProgram, inspect, program, stepsRun, unpack } from './build-rig.ts';

/** Of the commit, and of the file in the archive that is youngest. */
const commitTime = 1_577_934_245;
const archiveTime = 1_500_000_000;
const modifiedTime = 1_445_412_480;
const modified = 'Wed, 21 Oct 2015 07:28:00 GMT';

let web: string;
let server: OddServer;

/** Files by HTTP, with tags; those below `/dated` with a time. */
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'kiln-web-'));
  const app = join(web, 'app');
  mkdirSync(join(app, 'sub'), { recursive: true });
  writeFileSync(join(app, 'Dockerfile'), 'FROM scratch\nARG SOURCE_DATE_EPOCH\nENV E=$SOURCE_DATE_EPOCH\nCOPY f /\n');
  writeFileSync(join(app, 'f'), 'f');
  writeFileSync(join(app, 'sub/Dockerfile'), 'from scratch\nLABEL a=b\n');
  symlinkSync('/etc/hostname', join(app, 'linked'));
  run('touch', '-d', `@${archiveTime}`, 'app/f');
  run('touch', '-d', '@1', 'app/Dockerfile', 'app/sub/Dockerfile');
  run('tar', '-C', 'app', '-czf', 'app.tgz', 'Dockerfile', 'f', 'sub');
  git(app, 'init', '--quiet', '--initial-branch=main');
  git(app, 'add', '--all');
  git(app, 'commit', '--quiet', '--message=x');
  git(web, 'clone', '--quiet', '--bare', 'app', 'app.git');
  git(join(web, 'app.git'), 'update-server-info');
  server = await startServer(({ url = '', headers }, response) => {
    const { pathname } = new URL(url, 'http://h');
    const file = join(web, pathname.replace('/dated', ''));
    const etag = `"${pathname}"`;
    const isThere = existsSync(file) && statSync(file).isFile();
    const isSame = headers['if-none-match'] === etag;
    const more = pathname.startsWith('/dated') ? { 'last-modified': modified } : {};
    response.writeHead(isThere ? (isSame ? 304 : 200) : 404, { etag, ...more });
    response.end(isThere && !isSame ? readFileSync(file) : '');
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(web, { recursive: true });
});

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, [...args], { cwd: web });
}

function git(directory: string, ...args: readonly string[]): void {
  const date = `@${commitTime} +0000`;
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_COMMITTER_DATE: date };
  const identity = ['-c', 'user.name=me', '-c', 'user.email=me@h.test', '-c', 'safe.directory=*'];
  execFileSync('git', [...identity, ...args], { cwd: directory, env, stdio: 'pipe' });
}

interface KilnRun {
  readonly store?: string;
  readonly stdin?: string | Uint8Array;
}

/** Does not wait, since the server is in this process. */
function kiln(args: readonly string[], { store = '', stdin = '' }: KilnRun = {}): Promise<Outcome> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', KILN_ROOT: store || join(temporaryFolder(), 'store') };
  const child = spawn(process.execPath, [program, ...args], { env });
  child.stdin.end(stdin);
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  return new Promise((done) => {
    child.on('close', (code) => {
      done({ code, ...texts });
    });
  });
}

const url = (path: string) => `http://${server.domain}/${path}`;

describe('checking contexts from elsewhere', () => {
  it.each([
    ['a git repository', () => url('app.git')],
    ['an archive on the web', () => url('app.tgz')],
  ])('finds the Dockerfile in %s', async (_, context) => {
    const { code, out, err } = await kiln(['build', '--check', '-f', 'sub/Dockerfile', context()]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('WARNING: ConsistentInstructionCasing');
    expect(out).toContain('\nsub/Dockerfile:1\n');
    const outline = await kiln(['build', '--call=outline', context()]);
    expect(outline).toMatchObject({ code: 0, err: '' });
    expect(outline.out).toContain('SOURCE_DATE_EPOCH');
  });

  it('finds it in a directory of a repository, on the web, and in an archive on standard input', async () => {
    expect((await kiln(['build', '--call=targets', url('app.git#main:sub')])).out).toContain('default');
    expect((await kiln(['build', '--check', url('app/sub/Dockerfile')])).out).toContain('ConsistentInstructionCasing');
    const stdin = readFileSync(join(web, 'app.tgz'));
    expect(await kiln(['build', '--check', '-'], { stdin })).toMatchObject({ code: 0, err: '' });
    expect((await kiln(['build', '--check', '-f', 'sub/Dockerfile', '-'], { stdin })).code).toBe(1);
  });

  it('takes the file of standard input for a repository', async () => {
    const { code, out } = await kiln(['build', '--check', '-f', '-', url('app.git')], {
      stdin: 'from scratch\nLABEL a=b\n',
    });
    expect({ code, isStdin: out.includes('from scratch') }).toEqual({ code: 1, isStdin: true });
  });

  it('says what is wrong', async () => {
    expect((await kiln(['build', '--check', url('none.tgz')])).err).toContain('invalid response status 404');
    expect((await kiln(['build', '--check', url('app.git?ref=a#b')])).err).toContain('ref conflicts: "b" vs "a"');
    expect((await kiln(['build', '--check', url('app.git#main:none')])).err).toContain('no such file or directory');
    expect((await kiln(['build', '--check', '-'], { stdin: Buffer.from([0x1f, 0x8b, 8]) })).err).toContain(
      'cannot unpack the build context',
    );
  });

  it('follows no link out of a repository', async () => {
    const { err } = await kiln(['build', '--check', '-f', 'linked', url('app.git')]);
    expect(err).toContain('failed to read dockerfile');
    expect(err).not.toContain(readFileSync('/etc/hostname', 'utf8').trim());
  });
});

describe.skipIf(!canBuild)('building with files from elsewhere', () => {
  /** The variable as a stage has it, and when the image says that it was made. */
  async function builtAt(args: readonly string[], stdin = ''): Promise<unknown> {
    const archive = join(temporaryFolder(), 'image.tar');
    const { code, err } = await kiln(['build', '-o', `type=oci,dest=${archive}`, ...args], {
      stdin: stdin && readFileSync(stdin),
    });
    if (code !== 0) return err;
    const { created, config } = inspect(archive) as { created: string; config: { Env: readonly string[] } };
    return { created: Date.parse(created) / 1000, epoch: config.Env.find((entry) => entry.startsWith('E=')) };
  }

  const asked = ['--build-arg', 'SOURCE_DATE_EPOCH=context'];
  const at = (time: number) => ({ created: time, epoch: `E=${time}` });

  it.skipIf(!hasProgram('skopeo'))('takes the time of the build from the context', async () => {
    expect(await builtAt([...asked, url('app.git')])).toEqual(at(commitTime));
    expect(await builtAt([...asked, url('app.tgz')])).toEqual(at(archiveTime));
    expect(await builtAt([...asked, url('dated/app.tgz')])).toEqual(at(modifiedTime));
    expect(await builtAt([...asked, '-'], join(web, 'app.tgz'))).toEqual(at(archiveTime));
    expect(await builtAt([...asked, join(web, 'app')])).toMatchObject({ epoch: 'E=' });
  });

  it.skipIf(!hasProgram('skopeo'))('takes the time of the build from a context with a name, or a stage', async () => {
    const context = temporaryFolder();
    const file = `FROM scratch AS t\nADD ${url('app.tgz')} /\nFROM scratch\nARG SOURCE_DATE_EPOCH\nENV E=$SOURCE_DATE_EPOCH\nCOPY --from=n . /\n`;
    writeFileSync(join(context, 'Dockerfile'), file);
    const from = (source: string, named: string) =>
      builtAt(['--build-arg', `SOURCE_DATE_EPOCH=${source}`, '--build-context', `n=${named}`, context]);
    expect(await from('n', url('app.git'))).toEqual(at(commitTime));
    expect(await from('n', url('app.tgz'))).toEqual(at(archiveTime));
    expect(await from('n', url('dated/app.git/HEAD'))).toEqual(at(modifiedTime));
    expect(await from('t', url('app.git'))).toEqual(at(archiveTime));
    expect(await from('x', url('app.git'))).toContain('invalid SOURCE_DATE_EPOCH: x');
  });

  it('copies from repositories and files that have a name, and begins stages with them', async () => {
    const [context, out] = [temporaryFolder(), temporaryFolder()];
    const file = 'FROM repo\nCOPY --from=repo sub/Dockerfile /copy\nCOPY --from=file . /file\n';
    writeFileSync(join(context, 'Dockerfile'), file);
    const named = ['--build-context', `repo=${url('app.git#main')}`, '--build-context', `file=${url('app/f')}`];
    const { code, err } = await kiln(['build', '--progress', 'plain', '-o', out, ...named, context]);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(readdirSync(out).sort()).toEqual(['Dockerfile', 'copy', 'f', 'file', 'linked', 'sub']);
    expect(readFileSync(join(out, 'file/context'), 'utf8')).toBe('f');
    expect(err).toMatch(/^#\d+ \[context repo\] http.*\/app\.git$/m);
  });

  it.skipIf(!hasProgram('umoci'))(
    'gives files of a repository the time of the commit, if the build has a time',
    async () => {
      const archive = join(temporaryFolder(), 'image.tar');
      const args = ['--build-arg', 'SOURCE_DATE_EPOCH=5', '-o', `type=oci,dest=${archive}`, url('app.git')];
      expect((await kiln(['build', ...args])).code).toBe(0);
      expect(statSync(join(unpack(archive), 'f')).mtimeMs / 1000).toBe(commitTime);
    },
  );

  it('shows what is transferred as a step, and as cached what has not changed', async () => {
    const context = temporaryFolder();
    writeFileSync(join(context, 'Dockerfile'), `FROM scratch\nADD ${url('app.tgz')} /a\nADD ${url('app.git')} /b\n`);
    const args = ['build', '--progress', 'plain', '--jobs', '1', '-t', 'a', context];
    const store = join(temporaryFolder(), 'store');
    const first = await kiln(args, { store });
    expect(first).toMatchObject({ code: 0 });
    const fetched = (progress: string) => {
      // The name of a step is told again when another was shown in between.
      const names = new Map([...progress.matchAll(/^#(\d+) (http:.*)$/gm)].map(([, id = '', name = '']) => [id, name]));
      return Array.from(names, ([id, name]) => {
        const end = new RegExp(`^#${id} (DONE|CACHED)`, 'm').exec(progress)?.[1];
        return `${name} ${end ?? 'is not told'}`;
      });
    };
    const [archive, repository] = [url('app.tgz'), url('app.git')];
    expect(fetched(first.err).sort()).toEqual([`${repository} DONE`, `${archive} DONE`].sort());
    const second = await kiln(args, { store });
    expect(fetched(second.err).sort()).toEqual([`${repository} CACHED`, `${archive} CACHED`].sort());
    expect(stepsRun(second.err)).toEqual([]);
  });
});
