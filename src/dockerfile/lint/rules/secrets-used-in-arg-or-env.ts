import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const secretsUsedInArgOrEnv: Rule = {
  name: 'SecretsUsedInArgOrEnv',
  description: 'Sensitive data should not be used in the ARG or ENV commands',
  url: ruleUrl('secrets-used-in-arg-or-env'),
  on: {
    pair({ command: { kind, origin }, key, pair }, report) {
      if (kind === 'env' && isSecret(key))
        report({ message: messageFor('ENV', key), lines: origin.lines, span: pair.key.span });
    },
    argument({ name, span, origin }, report) {
      if (isSecret(name)) report({ message: messageFor('ARG', name), lines: origin.lines, span });
    },
  },
};

const secret = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/iu;
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/iu;

function isSecret(name: string): boolean {
  return secret.test(name) && !harmless.test(name);
}

function messageFor(instruction: string, name: string): string {
  return `Do not use ARG or ENV instructions for sensitive data (${instruction} ${quote(name)})`;
}
