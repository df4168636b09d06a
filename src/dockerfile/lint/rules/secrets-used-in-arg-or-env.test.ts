import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { secretsUsedInArgOrEnv } from './secrets-used-in-arg-or-env.ts';

test('names that sound like secrets are named, each at its place', () => {
  expect(warningsOf(secretsUsedInArgOrEnv, 'FROM x\nARG API_TOKEN other\nENV A=1 \\\n  DB_PASSWORD=p\n')).toEqual([
    '2: Do not use ARG or ENV instructions for sensitive data (ARG "API_TOKEN") «API_TOKEN»',
    '3-4: Do not use ARG or ENV instructions for sensitive data (ENV "DB_PASSWORD") «DB_PASSWORD»',
  ]);
});

test('the name in a variable counts', () => {
  expect(warningsOf(secretsUsedInArgOrEnv, 'FROM x\nENV A=MY\nENV ${A}_KEY=1\n')).toEqual([
    '3: Do not use ARG or ENV instructions for sensitive data (ENV "MY_KEY") «${A}_KEY»',
  ]);
});

test.each([
  'apikey',
  'AUTH',
  'git_credential',
  'credentials',
  'KEY',
  'password',
  'pword',
  'passwd',
  'a_secret_b',
  'TOKEN',
])('%s sounds like a secret', (name) => {
  expect(warningsOf(secretsUsedInArgOrEnv, `FROM x\nARG ${name}\nENV ${name}=1\n`)).toHaveLength(2);
});

test.each(['AUTHOR', 'monkey', 'passwords', 'KEY1', 'API-KEY', 'PUBLIC_KEY', 'token_file', 'SECRET_VERSION'])(
  '%s does not',
  (name) => {
    expect(warningsOf(secretsUsedInArgOrEnv, `FROM x\nARG ${name}\nENV ${name}=1\n`)).toEqual([]);
  },
);

test('labels and global arguments are no place for secrets to be found', () => {
  expect(warningsOf(secretsUsedInArgOrEnv, 'ARG TOKEN\nFROM x\nLABEL token=1\n')).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  for (const text of ['FROM x\nARG TOKEN\n', 'FROM x\nENV TOKEN=1\n']) {
    expect(warningsIfSkipped(secretsUsedInArgOrEnv, text)).toEqual([]);
    expect(warningsIfSkippedAt(2, secretsUsedInArgOrEnv, text)).toEqual([]);
  }
});
