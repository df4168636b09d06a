import { expect, test } from 'vitest';
import type { TestOptions } from './testing.ts';
import { evaluateText } from './testing.ts';

function argsOf(text: string, options?: TestOptions): readonly unknown[] {
  const { args } = evaluateText(text, options).outline ?? { args: [] };
  return args.map(({ definition: { key, description }, value, origin: { lines } }) => [
    lines[0],
    `${key}=${value}`,
    ...(description === '' ? [] : [description]),
  ]);
}

test('a stage has a name and a description', () => {
  const { outline } = evaluateText(
    '# Base is the\n# base all begin with\nFROM x AS a\n# b is what to ship\nFROM a AS B\n',
  );
  expect(outline).toEqual({ name: 'b', description: 'is what to ship', args: [], secrets: [], ssh: [] });
  expect(evaluateText('# a is not\nFROM x\n').outline).toMatchObject({ name: '', description: '' });
});

test('arguments have values and descriptions, in the order of the file', () => {
  const text = 'FROM x AS a\n# B is the second\nARG A=1 B\nFROM x AS b\nARG C=2\nFROM a\nCOPY --from=b x y\nARG D\n';
  expect(argsOf(text, { buildArgs: { B: '3' } })).toEqual([
    [3, 'A=1'],
    [3, 'B=3', 'is the second'],
    [5, 'C=2'],
    [8, 'D='],
  ]);
  expect(argsOf(text, { target: 'a' })).toEqual([
    [3, 'A=1'],
    [3, 'B=', 'is the second'],
  ]);
});

test('global arguments count where they are used: by FROM, by ARG, or by another that counts', () => {
  expect(argsOf('ARG A=1\nARG B=$A C=2\nARG D=3\nFROM x:$B\nARG D\nFROM $C\n')).toEqual([[2, 'C=2']]);
  expect(argsOf('ARG A=1\nARG B=$A C=2\nARG D=3\nFROM x:$B\nARG D\n')).toEqual([
    [1, 'A=1'],
    [2, 'B=1'],
    [3, 'D=3'],
  ]);
  expect(argsOf('ARG P=linux/arm64 Q=1\nFROM --platform=$P x\n')).toEqual([[1, 'P=linux/arm64']]);
});

test('an argument of the stage hides a global one', () => {
  expect(argsOf('ARG A=1\nFROM x:$A\nARG A=2\n')).toEqual([[3, 'A=2']]);
});

test('what a global argument was before it was declared again still counts', () => {
  expect(argsOf('ARG A=1\nARG B=$A\nARG B=$B-2\nFROM x:$B\n')).toEqual([
    [1, 'A=1'],
    [3, 'B=1-2'],
  ]);
});

test('arguments of one instruction are in its order, however they are used', () => {
  expect(argsOf('ARG A=1 B=2 C=3\nFROM x:$C$A$B\n')).toEqual([
    [1, 'A=1'],
    [1, 'B=2'],
    [1, 'C=3'],
  ]);
});

test('secrets and agents are named, once, by what they are looked up by', () => {
  const text = [
    'FROM x AS a',
    'RUN --mount=type=secret,id=one --mount=type=secret,source=two,required b',
    'RUN --mount=type=secret,target=/run/secrets/three/ --mount=type=secret,id=one,required b',
    'FROM a',
    'RUN --mount=type=ssh --mount=type=ssh,id=deploy,required=true c',
    '',
  ].join('\n');
  const { secrets, ssh } = evaluateText(text).outline ?? { secrets: [], ssh: [] };
  expect(secrets.map(({ name, required, origin }) => [origin.lines[0], name, required])).toEqual([
    [2, 'one', false],
    [2, 'two', true],
    [3, 'three', false],
  ]);
  expect(ssh.map(({ name, required, origin }) => [origin.lines[0], name, required])).toEqual([
    [5, 'default', false],
    [5, 'deploy', true],
  ]);
});

test('what is not needed for the target is not named', () => {
  const text = 'FROM x AS a\nARG A\nRUN --mount=type=secret,id=one b\nFROM x\n';
  expect(evaluateText(text).outline).toMatchObject({ args: [], secrets: [] });
});

test('there is none if there are problems', () => {
  expect(evaluateText('FROM x\nARG A\nUSER ${\n').outline).toBeUndefined();
});

test('many stages and many global arguments take time in proportion', () => {
  const start = performance.now();
  const args = Array.from({ length: 4000 }, (_, index) => `ARG A${index}=1\n`).join('');
  const stages = Array.from(
    { length: 4000 },
    (_, index) => `FROM x:$A${index} AS s${index}\nCOPY --from=s${index - 1} a b\n`,
  );
  expect(
    argsOf(`${args}FROM x AS s-1\n${stages.join('').replaceAll('s-1', 'first')}`.replace('AS s-1', 'AS first')),
  ).toHaveLength(4000);
  expect(performance.now() - start).toBeLessThan(5000);
});
