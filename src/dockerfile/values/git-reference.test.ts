import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGitReference } from './git-reference.ts';
import type { GitReference } from './git-reference.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

const git = (parts: Partial<GitReference>): GitReference => ({
  remote: '',
  shortName: '',
  ref: '',
  subdir: '',
  checksum: '',
  mtime: '',
  fetchByCommit: false,
  indistinguishableFromLocal: false,
  unencrypted: false,
  ...parts,
});

const repo = { remote: 'https://host.test/o/repo.git', shortName: 'repo' };
const local = { remote: 'https://github.com/o/repo', shortName: 'repo', indistinguishableFromLocal: true };
const scp = { remote: 'git@host.test:o/repo.git', shortName: 'repo' };

test.each<[string, Partial<GitReference>]>([
  ['https://host.test/o/repo.git', repo],
  ['HTTPS://host.test/o/repo.git', repo],
  ['https://host.test/o/repo.git#', repo],
  ['https://host.test/o/repo.git#v1', { ...repo, ref: 'v1' }],
  ['https://host.test/o/repo.git#a/b:c/d', { ...repo, ref: 'a/b', subdir: 'c/d' }],
  ['https://host.test/o/repo.git#:c', { ...repo, subdir: 'c' }],
  ['https://host.test/o/repo.git#v1:', { ...repo, ref: 'v1' }],
  ['https://host.test/o/repo.git#v1:../../c//d/', { ...repo, ref: 'v1', subdir: 'c/d' }],
  ['https://host.test/o/repo.git#v%31', { ...repo, ref: 'v1' }],
  ['https://me:pw@host.test:8443/repo.git', { remote: 'https://me:pw@host.test:8443/repo.git', shortName: 'repo' }],
  ['https://m%65:p%2fw@host.test/repo.git', { remote: 'https://me:p%2Fw@host.test/repo.git', shortName: 'repo' }],
  ['https://host.test/a%20b.git', { remote: 'https://host.test/a%20b.git', shortName: 'a%20b' }],
  ['https://host.test/a b.git', { remote: 'https://host.test/a%20b.git', shortName: 'a%20b' }],
  ['https://host.test/o%2frepo.git', { remote: 'https://host.test/o%2frepo.git', shortName: 'o%2frepo' }],
  ['https://host.test/repo%2egit', { remote: 'https://host.test/repo%2egit', shortName: 'repo%2egit' }],
  ['https://host.test/é.git', { remote: 'https://host.test/%C3%A9.git', shortName: '%C3%A9' }],
  ['https://hé.test/r.git', { remote: 'https://h%C3%A9.test/r.git', shortName: 'r' }],
  ['https://host.test/o/repo.git?', { remote: 'https://host.test/o/repo.git?', shortName: 'repo.git?' }],
  ['https://[::1]:80/r.git', { remote: 'https://[::1]:80/r.git', shortName: 'r' }],
  ['https://[fe80::1%25en0]/r.git', { remote: 'https://[fe80::1%25en0]/r.git', shortName: 'r' }],
  ['https:///r.git', { remote: 'https:///r.git', shortName: 'r' }],
  ['http://host.test/r.git', { remote: 'http://host.test/r.git', shortName: 'r', unencrypted: true }],
  ['git://host.test/r', { remote: 'git://host.test/r', shortName: 'r', unencrypted: true }],
  ['git://host.test', { remote: 'git://host.test', shortName: 'host.test', unencrypted: true }],
  ['git://a:1:2/r', { remote: 'git://a:1:2/r', shortName: 'r', unencrypted: true }],
  ['ssh://git@host.test:2222/o/r.git#v1', { remote: 'ssh://git@host.test:2222/o/r.git', shortName: 'r', ref: 'v1' }],
  ['github.com/o/repo', local],
  ['github.com/o/repo#main:sub', { ...local, ref: 'main', subdir: 'sub' }],
  ['github.com/o/repo.git?tag=v1', { ...local, remote: 'https://github.com/o/repo.git', ref: 'refs/tags/v1' }],
  ['github.com/', { ...local, remote: 'https://github.com/', shortName: '' }],
  ['git@host.test:o/repo.git', scp],
  ['git@host.test:o/repo', { ...scp, remote: 'git@host.test:o/repo' }],
  ['git@host.test:o/repo.git#v1:sub', { ...scp, ref: 'v1', subdir: 'sub' }],
  ['git@host.test:o/repo.git?ref=v1#:sub', { ...scp, ref: 'v1', subdir: 'sub' }],
  ['git@host.test:o/repo.git?', scp],
  ['git@host.test:a%20b', { remote: 'git@host.test:a%20b', shortName: 'git@host.test:a%20b' }],
  ['git@host.test:', { remote: 'git@host.test:', shortName: 'git@host.test:' }],
])('%s is a git reference', (text, expected) => {
  expect(parseGitReference(text)).toEqual({ kind: 'git', reference: git(expected) });
});

test.each<[string, Partial<GitReference>]>([
  ['ref=v1&subdir=/sub', { ref: 'v1', subdir: '/sub' }],
  ['ref=a%2Fb+c', { ref: 'a/b c' }],
  ['tag=v1', { ref: 'refs/tags/v1' }],
  ['tag=refs/tags/v1', { ref: 'refs/tags/v1' }],
  ['branch=v1', { ref: 'refs/heads/v1' }],
  ['branch=refs/heads/v1', { ref: 'refs/heads/v1' }],
  ['ref=refs/heads/b&branch=b', { ref: 'refs/heads/b' }],
  [`checksum=${commit}`, { checksum: commit }],
  [`commit=${commit}`, { checksum: commit }],
  ['keep-git-dir', { keepGitDir: true }],
  ['keep-git-dir=', { keepGitDir: true }],
  ['keep-git-dir=0', { keepGitDir: false }],
  ['submodules=false', { submodules: false }],
  ['submodules', { submodules: true }],
  ['mtime=commit', { mtime: 'commit' }],
  ['mtime=checkout', { mtime: 'checkout' }],
  ['fetch-by-commit&commit=abc', { fetchByCommit: true, checksum: 'abc' }],
  ['fetch-by-commit=f', {}],
  ['&&ref=v1&', { ref: 'v1' }],
  ['ref=v1&x=%zz&a;b=c', { ref: 'v1' }],
])('The query %s is understood', (query, expected) => {
  const result = parseGitReference(`https://host.test/o/repo.git?${query}`);
  expect(result).toEqual({ kind: 'git', reference: git({ ...repo, ...expected }) });
});

test('A query may repeat what the fragment says', () => {
  const result = parseGitReference('https://host.test/o/repo.git?ref=v1&subdir=s#v1:s');
  expect(result).toEqual({ kind: 'git', reference: git({ ...repo, ref: 'v1', subdir: 's' }) });
});

test.each([
  ['?ref=v1#v2', 'ref conflicts: "v2" vs "v1"'],
  ['?subdir=a#:b', 'subdir conflicts: "b" vs "a"'],
  ['?ref=v1&tag=v1', 'ref conflicts: "v1" vs "refs/tags/v1"'],
  ['?branch=b#v2', 'ref conflicts: "v2" vs "refs/heads/b"'],
  ['?tag=v1&branch=b', 'branch conflicts with tag'],
  ['?ref=a&ref=a', 'query "ref" has multiple values'],
  ['?ref', 'query "ref" has no value'],
  ['?other', 'query "other" has no value'],
  ['?other=1', 'unexpected query "other"'],
  ['?mtime=now', 'invalid mtime value: "now" (must be "checkout" or "commit")'],
  ['?keep-git-dir=yes', 'invalid keep-git-dir value: "yes"'],
  ['?submodules=yes', 'invalid submodules value: "yes"'],
  ['?fetch-by-commit=yes', 'invalid fetch-by-commit value: "yes"'],
])('A git URL with %s is refused with %j', (suffix, message) => {
  expect(parseGitReference(`https://host.test/o/repo.git${suffix}`)).toEqual({ kind: 'invalid', message });
});

test.each([
  '',
  '.',
  './repo.git',
  '../repo.git',
  'repo.git',
  'dir/repo.git',
  '/repo.git',
  'gitlab.com/o/repo',
  'https://host.test/',
  'https://host.test/o/repo',
  'https://host.test/o/repo.git/',
  'https://host.test/o/repo.git.txt',
  'https://host.test/o/repo.git:#v1',
  'http://a:1:2/r.git',
  'http://host.test:x/r.git',
  'http://ho st/r.git',
  'http://h%41/r.git',
  'http://h/%zz.git',
  'http://h/r.git#%zz',
  'http://h/r\n.git',
  'http://us er@h/r.git',
  'http://[::1/r.git',
  'http://[1.2.3.4]/r.git',
  'http://a[::1]/r.git',
  'http://[fe80::1%25]/r.git',
  'ftp://host.test/repo.git',
  'svn+ssh://host.test/repo.git',
  'github.com/a\nb',
  'host.test:o/repo.git',
  'a.b@host.test:o/repo.git',
  'git@ho_st:o/repo.git',
  'git@host.test:o/re\npo.git',
  'git@host.test:o/repo.git?x=%zz',
  'git@host.test:o/repo.git?a;b',
])('%j is not git', (text) => {
  expect(parseGitReference(text)).toEqual({ kind: 'not-git' });
});

test('Every text has an answer', () => {
  const unit = fc.constantFrom('a', '@', ':', '/', '#', '?', '%', '4', '1', '[', ']', '&', '=', '.git', 'é');
  const prefix = fc.constantFrom('', 'https://', 'ssh://', 'git@h:', 'github.com/');
  fc.assert(
    fc.property(prefix, fc.string({ unit }), (start, rest) => {
      expect(['not-git', 'invalid', 'git']).toContain(parseGitReference(start + rest).kind);
    }),
  );
});

test('A remote is git again, with the same remote', () => {
  const unit = fc.constantFrom('a', '/', '%20', '%2f', 'é', ' ', '~', '(', '"', '+');
  fc.assert(
    fc.property(fc.string({ unit }), (path) => {
      const first = parseGitReference(`https://host.test/${path}.git`);
      if (first.kind !== 'git') throw new Error('not git');
      expect(parseGitReference(first.reference.remote)).toEqual(first);
    }),
  );
});

test('A long text takes time linear in its length', () => {
  const long = 'a/'.repeat(500_000);
  expect(parseGitReference(`https://host.test/${long}.git?ref=${long}#:${long}`).kind).toBe('git');
  expect(parseGitReference(`git@${long}`).kind).toBe('not-git');
  expect(parseGitReference(`https://${'['.repeat(1_000_000)}`).kind).toBe('not-git');
  expect(parseGitReference(`https://h/r.git?${'a=b&'.repeat(250_000)}`).kind).toBe('git');
});
