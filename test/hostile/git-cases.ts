import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, built } from './command-case.ts';
import { type HostileCase, must } from './hostile-case.ts';
import type { KilnRun, Rig } from './rig.ts';
import { serve, type HostileServer } from './server.ts';

interface GitCase {
  readonly name: string;
  /** Makes what is to be committed. */
  readonly fill?: (work: string, rig: Rig) => void;
  /** Changes the repository that is served. */
  readonly change?: (repository: string, rig: Rig) => void;
  /** Behind `http://host/repo.git`. */
  readonly end?: string;
  readonly dockerfile?: (url: string, rig: Rig) => string;
  readonly expected: RegExp | 'right';
  readonly files?: Readonly<Record<string, string>>;
  readonly run?: KilnRun;
}

const script = (rig: Rig): string => `#!/bin/sh\ntouch ${rig.path('ran')}\n`;

const table: readonly GitCase[] = [
  { name: 'nothing but what is right', expected: 'right', files: { 'x/a': 'file a' } },
  { name: 'a ref that is an option', end: '#--upload-pack=touch', expected: /invalid git ref/ },
  { name: 'a ref that is a short option', end: '#-x', expected: /invalid git ref/ },
  { name: 'a ref with a null byte', end: '#a%00b', expected: /./ },
  { name: 'a ref that leads out', end: '#../../../../../etc', expected: /./ },
  { name: 'a directory that leads out', end: '#main:../../..', expected: 'right', files: { 'x/a': 'file a' } },
  {
    name: 'a directory that is a link',
    fill: (work, rig) => {
      symlinkSync(rig.canary.path, join(work, 'l'));
    },
    end: '#main:l',
    expected: /contains non-directory "l"/,
  },
  { name: 'a ref that there is not', end: '#nothing', expected: /does not contain ref nothing/ },
  { name: 'a commit that there is not', end: `#${'0'.repeat(40)}`, expected: /./ },
  {
    name: 'the transport ext',
    dockerfile: (_, rig) => `FROM scratch\nADD ext::sh\\ -c\\ touch\\ ${rig.path('ran')} /x\n`,
    expected: /not found/,
  },
  {
    name: 'a host that is an option',
    dockerfile: () => 'FROM scratch\nADD ssh://-oProxyCommand=touch/x.git /x\n',
    expected: /./,
  },
  {
    name: 'a host of scp that is an option',
    dockerfile: () => 'FROM scratch\nADD git@-oProxyCommand=touch:x.git /x\n',
    expected: /./,
  },
  {
    name: 'a repository of this machine',
    dockerfile: (_, rig) => `FROM scratch\nADD file://${rig.path('repo.git')} /x\n`,
    expected: /./,
  },
  { name: 'hooks', change: addHooks, expected: 'right', files: { 'x/a': 'file a' } },
  {
    name: 'hooks in its files',
    fill: (work, rig) => {
      addHooks(join(work, 'sub'), rig);
    },
    expected: 'right',
  },
  {
    name: 'a configuration that runs programs',
    change: (repository, rig) => git(repository, 'config', 'core.fsmonitor', rig.path('script')),
    expected: 'right',
  },
  {
    name: 'a filter that runs a program',
    fill: (work, rig) => {
      writeFileSync(
        join(work, '.gitattributes'),
        `* filter=x diff=x merge=x\n[filter "x"]\nsmudge=touch ${rig.path('ran')}\n`,
      );
    },
    expected: 'right',
  },
  {
    name: 'a submodule of this machine',
    fill: (work, rig) => {
      addSubmodule(work, `file://${rig.path('other.git')}`);
    },
    expected: /transport 'file' not allowed/,
  },
  {
    name: 'a submodule at a path of this machine',
    fill: (work, rig) => {
      addSubmodule(work, rig.path('other.git'));
    },
    expected: /transport 'file' not allowed/,
  },
  {
    name: 'a submodule by ext',
    fill: (work, rig) => {
      addSubmodule(work, `ext::sh -c touch% ${rig.path('ran')}`);
    },
    expected: /transport 'ext' not allowed/,
  },
  {
    name: 'a submodule that is an option',
    fill: (work) => {
      addSubmodule(work, '--upload-pack=touch');
    },
    expected: /failed to update submodules/,
  },
  {
    name: 'a submodule at a place that leads out',
    fill: (work) => {
      addSubmodule(work, './x', '../../out');
    },
    expected: /./,
  },
  {
    name: 'a submodule that updates by a program',
    fill: (work, rig) => {
      addSubmodule(work, './x.git', 'm', `update = !touch ${rig.path('ran')}`);
    },
    expected: /./,
  },
  {
    name: 'links that lead out',
    fill: (work, rig) => {
      symlinkSync(`${rig.canary.path}/file`, join(work, 'l'));
    },
    expected: 'right',
    files: { 'x/l': 'symlink -> CANARY/file' },
  },
  {
    name: 'a Dockerfile that is a link that leads out',
    fill: (work, rig) => {
      symlinkSync(`${rig.canary.path}/file`, join(work, 'Dockerfile'));
    },
    dockerfile: () => '',
    expected: /failed to read dockerfile/,
  },
  { name: 'names that are not UTF-8', fill: addOddNames, expected: 'right' },
  {
    name: 'names that are git’s own',
    fill: (work) => {
      writeFileSync(join(work, '.gitmodules'), '[submodule "../../x"]\n\tpath = .git/hooks\n\turl = ./x\n');
    },
    expected: 'right',
  },
  { name: 'a hundred thousand refs', change: addRefs, expected: 'right', run: { limit: 120_000 } },
  { name: 'objects that are broken', change: breakObjects, expected: /./ },
  {
    name: 'a head that is no ref',
    change: (repository) => {
      writeFileSync(join(repository, 'HEAD'), 'x'.repeat(10_000));
    },
    expected: /./,
  },
];

/** Repositories that ADD and contexts are checked out of. */
export const gitCases: readonly HostileCase[] = [
  ...table.map((one) => ({
    name: `a repository with ${one.name}`,
    run: async (rig: Rig) => {
      const repository = makeRepository(rig, one);
      await using server = await serveFiles(rig.folder);
      const url = `http://${server.domain}/repo.git`;
      const {
        dockerfile = () => `FROM scratch\nADD ${url}${one.end ?? ''} /x\n`,
        expected,
        files = {},
        run = {},
      } = one;
      const text = dockerfile(url, rig);
      const context = text === '' ? url : rig.context({ Dockerfile: text });
      await build(rig, [context], expected, run);
      must(!existsSync(rig.path('ran')), () => 'AN ESCAPE: a program was run');
      must(statSync(repository).isDirectory(), () => 'the repository is gone');
      const found = expected === 'right' ? await built(rig) : new Map<string, string>();
      for (const [path, what] of Object.entries(files)) {
        const wanted = what.replace('CANARY', rig.canary.path);
        must(found.get(path) === wanted, () => `${path} is ${found.get(path) ?? 'nothing'}, not ${wanted}`);
      }
    },
  })),
  {
    name: 'a repository with a list of refs that never ends',
    isLong: true,
    run: async (rig) => {
      await using server = await serve((_, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const lines = `${'1'.repeat(40)}\trefs/heads/x\n`.repeat(1000);
        const more = (): void => {
          if (!response.destroyed) response.write(lines, more);
        };
        more();
      });
      const context = rig.context({ Dockerfile: `FROM scratch\nADD http://${server.domain}/repo.git#main /x\n` });
      await build(rig, [context], /failed to fetch remote[^]*(?:memory|more than)/i, { limit: 300_000 });
    },
  },
];

function git(directory: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=me', '-c', 'user.email=me@h.test', '-c', 'safe.directory=*'];
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], {
    cwd: directory,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function makeRepository(rig: Rig, { fill, change }: GitCase): string {
  const work = rig.path('work');
  mkdirSync(work);
  writeFileSync(rig.path('script'), script(rig));
  chmodSync(rig.path('script'), 0o755);
  git(work, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(work, 'a'), 'a');
  fill?.(work, rig);
  git(work, 'add', '--all', '--force');
  git(work, 'commit', '--quiet', '--message=x');
  const repository = rig.path('repo.git');
  git(rig.folder, 'clone', '--quiet', '--bare', work, repository);
  git(rig.folder, 'clone', '--quiet', '--bare', work, rig.path('other.git'));
  git(repository, 'update-server-info');
  change?.(repository, rig);
  return repository;
}

/** The simple protocol of git over HTTP is files. */
async function serveFiles(folder: string): Promise<HostileServer> {
  return await serve((request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://x').pathname);
    if (!path.startsWith(`${folder}/repo.git/`) || !existsSync(path) || !statSync(path).isFile())
      response.writeHead(404).end();
    else response.end(readFileSync(path));
  });
}

function addHooks(repository: string, rig: Rig): void {
  for (const name of ['post-checkout', 'post-merge', 'pre-commit', 'post-index-change', 'reference-transaction']) {
    const path = join(repository, 'hooks', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, script(rig));
    chmodSync(path, 0o755);
  }
}

function addSubmodule(work: string, url: string, path = 'm', more = ''): void {
  writeFileSync(join(work, '.gitmodules'), `[submodule "m"]\n\tpath = ${path}\n\turl = ${url}\n\t${more}\n`);
  mkdirSync(join(work, 'm'));
  git(work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},m`);
}

function addOddNames(work: string): void {
  const odd = Buffer.concat([Buffer.from(`${work}/`), Buffer.from([0x64, 0xff])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from([0x2f, 0xfe])]), 'x');
  writeFileSync(join(work, '\x1b[2J'), 'x');
}

function addRefs(repository: string): void {
  const head = git(repository, 'rev-parse', 'HEAD').trim();
  const refs = Array.from({ length: 100_000 }, (_, at) => `${head} refs/heads/b${String(at).padStart(6, '0')}\n`).join(
    '',
  );
  writeFileSync(
    join(repository, 'packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${refs}${head} refs/heads/main\n`,
  );
  git(repository, 'update-server-info');
}

function breakObjects(repository: string): void {
  const pack = execFileSync('find', [join(repository, 'objects'), '-type', 'f', '-size', '-20k'], { encoding: 'utf8' });
  for (const path of pack.trim().split('\n')) {
    chmodSync(path, 0o644);
    writeFileSync(path, Buffer.from(readFileSync(path)).fill(0x55, 10));
  }
}
