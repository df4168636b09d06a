import { expect, test } from 'vitest';
import { warningsOf } from '../testing.ts';
import { invalidDefinitionDescription } from './invalid-definition-description.ts';

function warningsIfAsked(text: string): readonly string[] {
  return warningsOf(invalidDefinitionDescription, `# check=experimental=InvalidDefinitionDescription\n${text}`);
}

test('the comment above FROM or ARG has to begin with the name', () => {
  expect(warningsIfAsked('# the version\nARG V\n# a base\nFROM x \\\n AS base\n')).toEqual([
    '3: Comment for ARG should follow the format: `# V <description>` «# the version»',
    '5-6: Comment for FROM should follow the format: `# base <description>` «# a base»',
  ]);
});

test('with several arguments any of them will do', () => {
  expect(warningsIfAsked('# B is it\nARG A B\n# none is\nARG A B\nFROM x\n')).toEqual([
    '5: Comment for ARG should follow the format: `# <arg_key> <description>` «# none is»',
  ]);
});

test('only the last comment line counts', () => {
  expect(warningsIfAsked('# general words\n# V is the version\nARG V\nFROM x\n')).toEqual([]);
  expect(warningsIfAsked('# V is the version\n# of something\nARG V\nFROM x\n')).toEqual([
    '4: Comment for ARG should follow the format: `# V <description>` «# of something»',
  ]);
});

test.each([
  '# V the version\nARG V\nFROM x\n',
  '# V\nARG V\nFROM x\n',
  '# apart\n#\nARG V\nFROM x\n',
  '# a base without a name\nFROM x\n',
  'FROM x\n# not a definition\nRUN a\n',
  'ARG V\nFROM x AS a\n',
])('%j is fine', (text) => {
  expect(warningsIfAsked(text)).toEqual([]);
});

test('the rule only speaks where it is asked to', () => {
  const text = '# the version\nARG V\nFROM x\n';
  expect(warningsOf(invalidDefinitionDescription, text)).toEqual([]);
  expect(warningsOf(invalidDefinitionDescription, `# check=experimental=all\n${text}`)).toHaveLength(1);
  const above = 'FROM x\n# check=experimental=InvalidDefinitionDescription\n# the version\nARG V\n';
  expect(warningsOf(invalidDefinitionDescription, above)).toEqual([
    '4: Comment for ARG should follow the format: `# V <description>` «# the version»',
  ]);
});

test('skip= is for rules that speak unasked', () => {
  const text = '# check=skip=InvalidDefinitionDescription;experimental=all\n# the version\nARG V\nFROM x\n';
  expect(warningsOf(invalidDefinitionDescription, text)).toHaveLength(1);
});
