import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { applyFileMode, parseFileMode } from './file-mode.ts';

const octal = (mode: number) => mode.toString(8).padStart(4, '0');
const applied = (text: string, mode: number, isDirectory = false) =>
  octal(applyFileMode(parseFileMode(text), mode, isDirectory));

test.each([
  ['0', 0],
  ['644', 0o644],
  ['0755', 0o755],
  ['7777', 0o7777],
  ['00000755', 0o755],
])('The octal mode %s replaces whatever was there', (text, mode) => {
  expect(parseFileMode(text)).toEqual({ kind: 'octal', mode });
  expect(applied(text, 0o1234)).toBe(octal(mode));
  expect(applied(text, 0o1234, true)).toBe(octal(mode));
});

test.each(['8', '10000', '0x1', '0o755', '7_5', '75a', '0.5', '77777777777777777777777'])(
  '%s is no octal mode',
  (text) => {
    const message = `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`;
    expect(() => parseFileMode(text)).toThrow(new ValueError(message));
  },
);

test.each([
  '',
  '-',
  'u',
  'ux',
  'u+',
  'u+z',
  'u+x,',
  ',u+x',
  'u+x,,g+x',
  'u x',
  '+755',
  '-1',
  'z=r',
  'u+x ',
  'é',
  'u=\0',
])('%j is refused, unless its letters are none', (text) => {
  if (text === '-' || text === 'u+') expect(parseFileMode(text)).toEqual({ kind: 'symbolic', clauses: [] });
  else expect(() => parseFileMode(text)).toThrow(new ValueError('invalid syntax'));
});

test.each([
  ['go-w', 0o666, '0644'],
  ['o-rwx,g+x', 0o644, '0650'],
  ['u=rwx,g=,o=', 0o644, '0700'],
  ['u+rw,g+r,o-x,o+w', 0o500, '0742'],
  ['a=r', 0o7777, '1444'],
  ['=', 0o7777, '1000'],
  ['=rw', 0o7777, '1666'],
  ['a+w', 0o444, '0666'],
  ['+w', 0o444, '0666'],
  ['ug+x-w', 0o664, '0554'],
  ['u=rw,u+x', 0, '0700'],
  ['u+s', 0o755, '4755'],
  ['g+s', 0o755, '2755'],
  ['ug+s', 0o755, '6755'],
  ['+s', 0o755, '6755'],
  ['o+s', 0o755, '0755'],
  ['a-s', 0o7755, '1755'],
  ['u=rwx', 0o4000, '0700'],
  ['+t', 0o755, '1755'],
  ['a+t', 0o755, '1755'],
  ['u+t', 0o755, '1755'],
  ['o+t', 0o755, '0755'],
  ['-t', 0o1755, '0755'],
  ['u=t', 0o4755, '1055'],
])('%s makes of %o a file with %s', (text, mode, result) => {
  expect(applied(text, mode)).toBe(result);
});

test.each([
  ['g=u', 0o740, '0770'],
  ['go=u', 0o750, '0777'],
  ['go=u-w', 0o740, '0755'],
  ['u=go', 0o754, '0454'],
  ['o+g', 0o751, '0755'],
  ['g-o', 0o775, '0725'],
  ['=u', 0o704, '0777'],
  ['+u', 0o704, '0777'],
  ['a=o', 0o4751, '4111'],
  ['g=u,u=', 0o700, '0070'],
])('%s copies the permissions of another class: of %o it makes %s', (text, mode, result) => {
  expect(applied(text, mode)).toBe(result);
});

test.each([
  ['a+X', 0o644, false, '0644'],
  ['a+X', 0o744, false, '0755'],
  ['a+X', 0o500, true, '0511'],
  ['a+X', 0o600, true, '0711'],
  ['u=rwX,go=rX', 0o500, true, '0755'],
  ['u=rwX,go=rX', 0o640, false, '0644'],
  ['a-x,a+X', 0o755, false, '0755'],
  ['u+x,go+X', 0o600, false, '0700'],
  ['a-X', 0o755, false, '0644'],
  ['=X', 0o755, false, '0111'],
  ['g+Xu', 0o700, false, '0770'],
])('%s of %o, directory %s, is %s: X looks at the file as it was before', (text, mode, isDirectory, result) => {
  expect(applied(text, mode, isDirectory)).toBe(result);
});

test.each([
  ['+rt', 0o000, '1000'],
  ['+rt+r', 0o000, '1444'],
  ['u+rt', 0o000, '1400'],
  ['g=ur', 0o700, '0740'],
  ['g=ru', 0o700, '0770'],
  ['+tu', 0o700, '1700'],
])('The oddity of BSD is kept that %s of %o is %s', (text, mode, result) => {
  expect(applied(text, mode)).toBe(result);
});

const clause = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('u', 'g', 'o', 'a'), maxLength: 3 }),
    fc.constantFrom('+', '-', '='),
    fc.string({ unit: fc.constantFrom('r', 'w', 'x', 'X', 's', 't', 'u', 'g', 'o'), maxLength: 4 }),
  )
  .map((parts) => parts.join(''));

test('A list of clauses applies them one after the other', () => {
  fc.assert(
    fc.property(fc.array(clause, { minLength: 1 }), fc.nat(0o7777), (clauses, mode) => {
      const whole = applyFileMode(parseFileMode(clauses.join(',')), mode, true);
      const stepwise = clauses.reduce((bits, text) => applyFileMode(parseFileMode(text), bits, true), mode);
      expect(octal(whole)).toBe(octal(stepwise));
      expect(whole & ~0o7777).toBe(0);
    }),
  );
});

test('Every text is a mode or refused', () => {
  const unit = fc.constantFrom('u', 'g', 'a', '+', '-', '=', ',', 'r', 'X', 't', '7', '8', ' ');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        expect(applyFileMode(parseFileMode(text), 0o644, false)).toBeLessThanOrEqual(0o7777);
      } catch (error) {
        expect(error).toBeInstanceOf(ValueError);
      }
    }),
  );
});

test('A long mode takes time linear in its length', () => {
  expect(applied('u+x,'.repeat(250_000) + 'g+x', 0)).toBe('0110');
  expect(applied('+r-w='.repeat(200_000), 0o777)).toBe('0000');
});
