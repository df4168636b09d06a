import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDigest } from './digest-syntax.ts';
import { familiarName, formatReference, parseReference, tagNameOnly } from './reference.ts';
import { ValueError } from './value-error.ts';

const hex = '0123456789abcdef'.repeat(4);
const digest = `sha256:${hex}`;

test.each([
  ['alpine', 'docker.io/library/alpine', 'alpine'],
  ['alpine:3.20', 'docker.io/library/alpine:3.20', 'alpine'],
  [`alpine@${digest}`, `docker.io/library/alpine@${digest}`, 'alpine'],
  [`alpine:3@${digest}`, `docker.io/library/alpine:3@${digest}`, 'alpine'],
  ['docker.io/alpine', 'docker.io/library/alpine', 'alpine'],
  ['index.docker.io/alpine', 'docker.io/library/alpine', 'alpine'],
  ['index.docker.io/o/r', 'docker.io/o/r', 'o/r'],
  ['o/r', 'docker.io/o/r', 'o/r'],
  ['library/a/b', 'docker.io/library/a/b', 'library/a/b'],
  ['localhost/r', 'localhost/r', 'localhost/r'],
  ['localhost', 'docker.io/library/localhost', 'localhost'],
  ['host:5000', 'docker.io/library/host:5000', 'host'],
  ['host:5000/r', 'host:5000/r', 'host:5000/r'],
  ['host.test/o/r:t', 'host.test/o/r:t', 'host.test/o/r'],
  ['HOST/r', 'HOST/r', 'HOST/r'],
  ['[::1]:5000/r', '[::1]:5000/r', '[::1]:5000/r'],
  ['a_b/c__d/e---f.g', 'docker.io/a_b/c__d/e---f.g', 'a_b/c__d/e---f.g'],
  ['r:_A-b.c', 'docker.io/library/r:_A-b.c', 'r'],
  [`r:${'t'.repeat(128)}`, `docker.io/library/r:${'t'.repeat(128)}`, 'r'],
])('%s is %s, and familiar as %s', (text, full, familiar) => {
  const reference = parseReference(text);
  expect(formatReference(reference)).toBe(full);
  expect(familiarName(reference)).toBe(familiar);
});

test('The parts of a reference are plain data', () => {
  expect(parseReference(`host.test:80/o/r:t@${digest}`)).toEqual({
    domain: 'host.test:80',
    path: 'o/r',
    tag: 't',
    digest,
  });
});

test('A first component that can be no registry stays in the path', () => {
  expect(parseReference('a_b.c/r')).toEqual({ domain: '', path: 'a_b.c/r' });
});

test('The tag latest is added to a name only', () => {
  expect(tagNameOnly(parseReference('a')).tag).toBe('latest');
  expect(tagNameOnly(parseReference('a:b')).tag).toBe('b');
  expect(tagNameOnly(parseReference(`a@${digest}`)).tag).toBeUndefined();
});

const invalidFormat = 'invalid reference format';

test.each([
  ['', invalidFormat],
  [':tag', invalidFormat],
  ['@', invalidFormat],
  ['a@sha256:abc', invalidFormat],
  ['a b', invalidFormat],
  ['a\n', invalidFormat],
  ['a:', invalidFormat],
  ['a:b:c', invalidFormat],
  ['a:-b', invalidFormat],
  [`a:${'t'.repeat(129)}`, invalidFormat],
  ['-a', invalidFormat],
  ['a-', invalidFormat],
  ['a..b', invalidFormat],
  ['a___b', invalidFormat],
  ['a/', invalidFormat],
  ['/a', invalidFormat],
  ['a//b', invalidFormat],
  ['https://host.test/r', invalidFormat],
  ['-host.test/r', invalidFormat],
  ['host-.test/r', invalidFormat],
  ['host:x/r', invalidFormat],
  ['[::g]/r', invalidFormat],
  [`a@${digest}@${digest}`, invalidFormat],
  ['$x', invalidFormat],
  ['é', invalidFormat],
  ['BUG_stage', 'invalid reference format: repository name (library/BUG_stage) must be lowercase'],
  ['É:t', 'invalid reference format: repository name (library/É) must be lowercase'],
  ['o/R:T', 'invalid reference format: repository name (o/R) must be lowercase'],
  ['a@SHA256:x', 'invalid reference format: repository name (library/a@SHA256) must be lowercase'],
  ['A_B.c/r', 'repository name must be lowercase'],
  [hex, `invalid repository name (${hex}), cannot specify 64-byte hexadecimal strings`],
  [`h.test/${'a'.repeat(256)}`, 'repository name must not be more than 255 characters'],
  [`a@sha256:${hex}0`, 'invalid checksum digest length'],
  [`a@sha256:${hex.toUpperCase()}`, 'invalid checksum digest format'],
  [`a@md5:${hex}`, 'unsupported digest algorithm'],
  [`a@x.y_z:${hex}`, 'unsupported digest algorithm'],
])('%j is refused with %j', (text, message) => {
  expect(() => parseReference(text)).toThrow(new ValueError(message));
});

test.each([
  ['', 'invalid checksum digest format'],
  [':', 'invalid checksum digest format'],
  ['sha256:', 'invalid checksum digest format'],
  [hex, 'invalid checksum digest format'],
  ['SHA256:x', 'invalid checksum digest format'],
  ['md5:!', 'invalid checksum digest format'],
  ['md5:x', 'unsupported digest algorithm'],
  ['sha256:x', 'invalid checksum digest length'],
  [`sha512:${hex}`, 'invalid checksum digest length'],
  [`sha256:${'g'.repeat(64)}`, 'invalid checksum digest format'],
  [`sha256:${'é'.repeat(32)}`, 'invalid checksum digest format'],
])('The digest %j is refused with %j', (text, message) => {
  expect(() => {
    checkDigest(text);
  }).toThrow(new ValueError(message));
});

test.each([digest, `sha384:${hex}${hex.slice(32)}`, `sha512:${hex}${hex}`])('%s is a digest', (text) => {
  expect(() => {
    checkDigest(text);
  }).not.toThrow();
});

test('A reference parses from its own text', () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,4}(-[a-z0-9]{1,4})?$/);
  const domain = fc.constantFrom('docker.io', 'localhost', 'h.test', 'h:80', '[::1]:80');
  const path = fc.array(component, { minLength: 2, maxLength: 4 }).map((components) => components.join('/'));
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,9}$/);
  const reference = fc.record({ domain, path, tag, digest: fc.constant(digest) }, { requiredKeys: ['domain', 'path'] });
  fc.assert(
    fc.property(reference, (value) => {
      expect(parseReference(formatReference(value))).toEqual(value);
    }),
  );
});

test('Every text is a reference or refused', () => {
  const unit = fc.constantFrom('a', 'B', '0', '.', '_', '-', '/', ':', '@', '[', ']', digest);
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        const reference = parseReference(text);
        expect(parseReference(formatReference(reference))).toEqual(reference);
      } catch (error) {
        expect(error).toBeInstanceOf(ValueError);
      }
    }),
  );
});

test.each(['a', 'a-', '-', 'a/', '_', ':1', 'a.', 'A', '@a', 'a:', '[', 'a__'])(
  'A long text of %s takes time linear in its length',
  (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(() => parseReference(text)).toThrow(ValueError);
    expect(() => parseReference(`h.test/${text}`)).toThrow(ValueError);
    expect(() => parseReference(`${text}.test/a b`)).toThrow(ValueError);
    expect(() => {
      checkDigest(`${text}:${text}`);
    }).toThrow(ValueError);
  },
);
