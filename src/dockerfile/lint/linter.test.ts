import { expect, test } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import type { LintEvent } from '../evaluate/event.ts';
import { parseDockerfile } from '../parser/parse.ts';
import { Linter } from './linter.ts';
import { defaultLintOptions, parseLintOptions, type LintOptions } from './options.ts';
import { ruleUrl } from './rule.ts';
import { rules } from './rules.ts';

const source = new Source('Dockerfile', 'FROM x\n# check=skip=MaintainerDeprecated\nMAINTAINER a\nmaintainer b\n');

function events(): readonly LintEvent[] {
  const { statements } = parseDockerfile(source);
  return statements.map((statement) => ({ kind: 'statement', statement, comments: statement.comments }));
}

function warnedLines(options: LintOptions): readonly unknown[] {
  const linter = new Linter(source, options);
  for (const event of events()) linter.listen(event);
  return linter.warnings.map(({ rule, lines }) => [rule.name, lines[0]]);
}

test('an event reaches the rules that look at its kind', () => {
  expect(warnedLines(defaultLintOptions)).toEqual([['MaintainerDeprecated', 4]]);
});

test('options decide what counts', () => {
  expect(warnedLines(parseLintOptions('skip=MaintainerDeprecated'))).toEqual([]);
  expect(warnedLines(parseLintOptions('skip=all'))).toEqual([]);
  expect(warnedLines(parseLintOptions('skip=Other'))).toHaveLength(1);
});

test('what a comment says holds for its instruction only, in whatever order events come', () => {
  const linter = new Linter(source, defaultLintOptions);
  for (const event of [...events(), ...events()]) linter.listen(event);
  expect(linter.warnings.map(({ lines }) => lines[0])).toEqual([4, 4]);
});

test('a fix stays within the file', () => {
  const elsewhere = new Source('ONBUILD', '');
  const linter = new Linter(elsewhere, defaultLintOptions);
  const { statements } = parseDockerfile(new Source('Dockerfile', 'from x AS a\n'));
  for (const statement of statements) linter.listen({ kind: 'statement', statement, comments: [] });
  expect(linter.warnings.map(({ message, fix }) => [message, fix])).toEqual([
    ["'AS' and 'from' keywords' casing do not match", undefined],
  ]);
});

test('every rule has a name of its own and a page of that name', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { name, url } of rules) {
    const slug = name.replace(/^JSON/, 'Json').replace(/(?<!^)[A-Z]/g, '-$&');
    expect(url).toBe(name === 'InvalidBaseImagePlatform' ? undefined : ruleUrl(slug.toLowerCase()));
  }
});

test('one rule has to be asked for', () => {
  expect(rules.filter(({ isExperimental }) => isExperimental).map(({ name }) => name)).toEqual([
    'InvalidDefinitionDescription',
  ]);
});
