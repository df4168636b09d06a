import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
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
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openContentStore } from '../content/store.ts';
import type { ContentStore } from '../content/store.ts';
import type { GitOp } from '../graph/source-op.ts';
import { startServer } from '../registry/testing/odd-server.ts';
import { fetchGit } from './git.ts';
import type { GitSourceOptions, GitTree } from './git.ts';

const identity = ['-c', 'user.name=me', '-c', 'user.email=me@h.test', '-c', 'protocol.file.allow=always'];
const date = '2020-01-02T03:04:05Z';
let root: string;
let store: ContentStore;
let remote: string;
let first: string;
let second: string;

function git(directory: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return execFileSync('git', [...identity, ...args], { cwd: directory, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function makeRepository(name: string): string {
  const directory = join(root, name);
  mkdirSync(directory);
  git(directory, 'init', '--quiet', '--initial-branch=main');
  return directory;
}

function commit(directory: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message=x', '--allow-empty');
  return git(directory, 'rev-parse', 'HEAD');
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kiln-git-'));
  store = openContentStore(join(root, 'store'));
  const directory = makeRepository('app');
  remote = `file://${directory}`;
  first = commit(directory, { 'a.txt': 'one', 'sub/deep/b.txt': 'b' });
  git(directory, 'tag', 'v1');
  git(directory, 'tag', '--annotate', '--message=t', 'v1-annotated');
  symlinkSync('/etc', join(directory, 'link'));
  second = commit(directory, { 'a.txt': 'two' });
});

afterAll(() => {
  store[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

function fetched(parts: Partial<GitOp>, options: Partial<GitSourceOptions> = {}): Promise<GitTree> {
  const op: GitOp = {
    ...{ kind: 'git', remote, ref: '', subdir: '', keepGitDir: false, checksum: '', skipSubmodules: false },
    ...{ mtime: 'checkout', fetchByCommit: false },
    ...parts,
  };
  return fetchGit(op, { store, env: { PATH: process.env.PATH }, ...options });
}

test('Without a ref, the default branch is taken', async () => {
  const tree = await fetched({});
  expect(tree).toMatchObject({ commit: second, key: second, time: Date.parse(date) / 1000 });
  expect(readdirSync(tree.directory).sort()).toEqual(['a.txt', 'link', 'sub']);
  expect(readFileSync(join(tree.directory, 'a.txt'), 'utf8')).toBe('two');
  expect(lstatSync(join(tree.directory, 'a.txt')).mode & 0o777).toBe(0o644);
  expect(lstatSync(join(tree.directory, 'sub')).mode & 0o777).toBe(0o755);
});

test('A branch, a tag, a tag with a text and a commit are found', async () => {
  expect((await fetched({ ref: 'main' })).commit).toBe(second);
  expect((await fetched({ ref: 'v1' })).commit).toBe(first);
  expect(await fetched({ ref: 'v1-annotated' })).toMatchObject({ commit: first, key: first });
  expect((await fetched({ ref: 'refs/tags/v1' })).commit).toBe(first);
  expect((await fetched({ ref: first })).commit).toBe(first);
});

test('What was checked out is not new a second time', async () => {
  const how = { ref: 'v1', subdir: 'sub' };
  const tree = await fetched(how);
  expect(tree.isNew).toBe(true);
  expect(await fetched(how)).toEqual({ ...tree, isNew: false });
});

test('Files have the time of the commit, if that is wanted', async () => {
  const tree = await fetched({ mtime: 'commit' });
  expect(tree.key).toBe(`${second}(mtime=commit)`);
  for (const name of ['.', 'a.txt', 'link', 'sub', 'sub/deep/b.txt']) {
    expect(lstatSync(join(tree.directory, name)).mtimeMs, name).toBe(Date.parse(date));
  }
  expect(statSync((await fetched({})).directory).mtimeMs).toBeGreaterThan(Date.parse(date));
});

test('A commit whose whole hash is given is fetched without asking for the branch', async () => {
  const missing = { ref: 'no-such-branch', fetchByCommit: true };
  expect(await fetched({ ...missing, checksum: first })).toMatchObject({ commit: first, key: first });
  await expect(fetched({ ...missing, checksum: first.slice(0, 12) })).rejects.toThrow(
    `fetch-by-commit requires a full commit SHA checksum, got "${first.slice(0, 12)}"`,
  );
  await expect(fetched(missing)).rejects.toThrow('fetch-by-commit requires a checksum or a commit SHA ref');
});

test('A commit that was fetched needs no remote any more', async () => {
  const { directory } = await fetched({ ref: first });
  expect((await fetched({ ref: first }, { env: { PATH: '' } })).directory).toBe(directory);
});

test('A branch that has moved is fetched anew', async () => {
  const moving = makeRepository('moving');
  const before = commit(moving, { a: '1' });
  expect((await fetched({ remote: `file://${moving}` })).commit).toBe(before);
  const after = commit(moving, { a: '2' });
  const tree = await fetched({ remote: `file://${moving}` });
  expect([tree.commit, readFileSync(join(tree.directory, 'a'), 'utf8')]).toEqual([after, '2']);
});

test('A commit that is in no branch is fetched by its hash', async () => {
  const rewritten = makeRepository('rewritten');
  const gone = commit(rewritten, { a: '1' });
  git(rewritten, 'commit', '--quiet', '--amend', '--message=y');
  git(rewritten, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  expect((await fetched({ remote: `file://${rewritten}`, ref: gone })).commit).toBe(gone);
});

test('Of a subdirectory, only what is in it is taken', async () => {
  const tree = await fetched({ ref: 'v1', subdir: 'sub/deep' });
  expect(readdirSync(tree.directory)).toEqual(['b.txt']);
  expect(tree.key).toBe(`${first}:sub/deep`);
});

test.each([
  ['link', 'git subpath "link" contains non-directory "link"'],
  ['a.txt', 'git subpath "a.txt" contains non-directory "a.txt"'],
  ['no/such', 'invalid subdir no/such: "no": no such file or directory'],
  ['../..', 'invalid subdir ../..: "..": no such file or directory'],
])('The subdirectory %s is refused', async (subdir, message) => {
  await expect(fetched({ subdir })).rejects.toMatchObject({ code: 'source/git-subdir', message });
});

test('The repository is kept if that is wanted, and needs nobody else', async () => {
  const tree = await fetched({ ref: 'v1', keepGitDir: true });
  expect(tree.key).toBe(`${first}.git#refs/tags/v1`);
  expect(git(tree.directory, 'rev-parse', 'HEAD', 'v1')).toBe(`${first}\n${first}`);
  expect(git(tree.directory, 'status', '--porcelain')).toBe('');
  expect(git(tree.directory, 'config', 'remote.origin.url')).toBe(remote);
  expect(existsSync(join(tree.directory, '.git/objects/info/alternates'))).toBe(false);
});

test('A checksum may be the beginning of the commit', async () => {
  expect((await fetched({ checksum: second.slice(0, 8) })).commit).toBe(second);
  expect((await fetched({ ref: 'v1-annotated', checksum: first })).commit).toBe(first);
});

test('A wrong checksum is an error', async () => {
  const checksum = 'beef';
  const start = `expected checksum to match ${checksum}, got`;
  await expect(fetched({ checksum })).rejects.toThrow(`${start} ${second}`);
  await expect(fetched({ ref: first, checksum })).rejects.toThrow(`${start} ${first}`);
  await expect(fetched({ ref: 'v1-annotated', checksum })).rejects.toThrow(new RegExp(`${start} \\w{40} or ${first}`));
  await expect(fetched({ checksum: 'main' })).rejects.toThrow(
    'invalid checksum main for Git URL, expected hex commit hash',
  );
});

test.each([
  [{ ref: 'nope' }, 'repository does not contain ref nope, output: ""'],
  [{ ref: '-x' }, 'invalid git ref "-x"'],
  [{ ref: 'a..b:c' }, 'invalid git ref "a..b:c"'],
  [{ remote: '--upload-pack=x' }, 'invalid git remote "--upload-pack=x"'],
  [{ remote: 'file:///no/such' }, 'error fetching default branch for repository file:///no/such: git stderr:\n'],
  [{ remote: 'ext::sh -c true' }, 'error fetching default branch'],
])('%j is an error', async (parts, message) => {
  await expect(fetched(parts)).rejects.toThrow(message);
});

test('Passwords are not shown', async () => {
  const failure = fetched({ remote: 'http://me:secret@127.0.0.1:1/r.git' });
  await expect(failure).rejects.toThrow('repository http://127.0.0.1:1/r.git: git stderr:');
  await expect(failure).rejects.not.toThrow('secret');
});

test('Without git, the error says what to do', async () => {
  await expect(fetched({}, { env: { PATH: '/no/such' } })).rejects.toMatchObject({ code: 'source/git-missing' });
});

test('A repository that is served as plain files will do', async () => {
  const bare = join(root, 'bare.git');
  git(root, 'clone', '--quiet', '--bare', 'app', bare);
  git(bare, 'update-server-info');
  await using server = await startServer(({ url = '' }, response) => {
    const path = join(root, decodeURIComponent(new URL(url, 'http://h').pathname));
    if (existsSync(path) && lstatSync(path).isFile()) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  const tree = await fetched({ remote: `http://${server.domain}/bare.git`, ref: 'v1' });
  expect(readFileSync(join(tree.directory, 'a.txt'), 'utf8')).toBe('one');
});

test('A submodule of this machine is refused, and left out if that is wanted', async () => {
  const outer = makeRepository('outer');
  git(outer, 'submodule', '--quiet', 'add', remote, 'inner');
  commit(outer, { a: '1' });
  await expect(fetched({ remote: `file://${outer}` })).rejects.toThrow(
    /failed to update submodules for .*transport 'file' not allowed/s,
  );
  const tree = await fetched({ remote: `file://${outer}`, skipSubmodules: true });
  expect(readdirSync(tree.directory).sort()).toEqual(['.gitmodules', 'a', 'inner']);
  expect(readdirSync(join(tree.directory, 'inner'))).toEqual([]);
});

/** In the place of ssh: notes how it was called, and serves the repository that it is asked for. */
function fakeSsh(): { readonly path: string; readonly calls: () => readonly string[] } {
  const directory = mkdtempSync(join(root, 'ssh '));
  const log = join(directory, 'log');
  const script = ['#!/bin/sh', `echo "$SSH_AUTH_SOCK $*" >> '${log}'`, 'for last; do :; done', 'eval "$last"'];
  writeFileSync(join(directory, 'ssh'), script.join('\n'), { mode: 0o755 });
  return { path: `${directory}:${process.env.PATH ?? ''}`, calls: () => readFileSync(log, 'utf8').trim().split('\n') };
}

test('A repository is fetched by SSH with the agent of the user, hosts noted for the time of the fetch', async () => {
  const { path, calls } = fakeSsh();
  const env = { PATH: path, HOME: '/home/some one' };
  const repository = `git@host.test:${join(root, 'app')}`;
  expect(await fetched({ remote: repository, ref: 'v1' }, { env, agent: () => '/agent' })).toMatchObject({
    commit: first,
  });
  expect(calls().length).toBeGreaterThan(1);
  const lists = new Set(
    calls().map((call) => /UserKnownHostsFile="([^"]*)" "([^"]*)"/.exec(call)?.slice(1).join(' | ')),
  );
  expect([...lists]).toEqual([expect.stringMatching(/^\/.* \| \/home\/some one\/\.ssh\/known_hosts$/)]);
  for (const call of calls()) expect(call).toMatch(/^\/agent -F \/dev\/null .*StrictHostKeyChecking=accept-new/);
});

test('Without an agent, no repository is fetched by SSH; one that was fetched needs none', async () => {
  const { path, calls } = fakeSsh();
  const env = { PATH: path };
  const remote = `ssh://git@host.test${join(root, 'app')}`;
  for (const parts of [{ ref: 'v1' }, { ref: first }]) {
    await expect(fetched({ remote, ...parts }, { env })).rejects.toThrow('unset ssh forward key default');
  }
  expect(calls).toThrow('ENOENT');
  const { directory } = await fetched({ remote, ref: first }, { env, agent: () => '/agent' });
  expect((await fetched({ remote, ref: first }, { env })).directory).toBe(directory);
});

test.each([
  [{ GIT_AUTH_TOKEN: 'tok\n' }, 'basic eC1hY2Nlc3MtdG9rZW46dG9r'],
  [{ GIT_AUTH_HEADER: 'bearer all', GIT_AUTH_TOKEN: 'tok' }, 'bearer all'],
  [{ GIT_AUTH_HEADER: 'bearer all', 'GIT_AUTH_TOKEN.HOST': 'tok' }, 'basic eC1hY2Nlc3MtdG9rZW46dG9r'],
  [{ 'GIT_AUTH_HEADER.HOST': 'bearer one', 'GIT_AUTH_TOKEN.HOST': 'tok' }, 'bearer one'],
  [{ 'GIT_AUTH_TOKEN.other.test': 'tok' }, undefined],
])('The secrets %j log in as %j', async (secrets, expected) => {
  const bare = join(root, 'private.git');
  rmSync(bare, { recursive: true, force: true });
  git(root, 'clone', '--quiet', '--bare', join(root, 'app'), bare);
  git(bare, 'update-server-info');
  const seen = new Set<string | undefined>();
  await using server = await startServer(({ url = '', headers }, response) => {
    seen.add(headers.authorization);
    const file = join(root, new URL(url, 'http://h').pathname);
    const isServed = headers.authorization !== undefined && existsSync(file) && statSync(file).isFile();
    response
      .writeHead(isServed ? 200 : headers.authorization === undefined ? 401 : 404)
      .end(isServed ? readFileSync(file) : '');
  });
  const values = new Map(
    Object.entries(secrets).map(([id, value]) => [id.replace('.HOST', `.${server.domain}`), value]),
  );
  const secret = (id: string) => (values.has(id) ? Buffer.from(values.get(id) ?? '') : undefined);
  const tree = fetched({ remote: `http://${server.domain}/private.git`, ref: 'v1' }, { secret });
  if (expected === undefined) await expect(tree).rejects.toThrow('could not read Username');
  else expect((await tree).commit).toBe(first);
  expect([...seen]).toEqual([expected]);
});

test('A submodule of the same server is checked out, without a trace of its repository', async () => {
  await using server = await startServer(({ url = '' }, response) => {
    const path = join(root, new URL(url, 'http://h').pathname);
    if (existsSync(path) && lstatSync(path).isFile()) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  const whole = makeRepository('whole');
  git(whole, 'submodule', '--quiet', 'add', remote, 'inner');
  git(whole, 'config', '--file=.gitmodules', 'submodule.inner.url', '../../app/.git');
  commit(whole, { a: '1' });
  for (const name of ['whole', 'app']) git(join(root, name), 'update-server-info');
  const tree = await fetched({ remote: `http://${server.domain}/whole/.git` });
  expect(readdirSync(join(tree.directory, 'inner')).sort()).toEqual(['a.txt', 'link', 'sub']);
});

test('Nothing is left when it is called off', async () => {
  await using server = await startServer(() => {
    stop.abort(new Error('called off'));
  });
  const stop = new AbortController();
  await expect(fetched({ remote: `http://${server.domain}/r.git` }, { signal: stop.signal })).rejects.toThrow(
    'called off',
  );
});
