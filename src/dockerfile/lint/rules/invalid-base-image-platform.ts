import { formatPlatformAll, normalizePlatform } from '../../../spec/platform.ts';
import type { Rule } from '../rule.ts';

export const invalidBaseImagePlatform: Rule = {
  name: 'InvalidBaseImagePlatform',
  description: 'Base image platform does not match expected target platform',
  on: {
    basePlatform({ from, name, expected, actual }, report) {
      if (expected.os === actual.os && expected.architecture === actual.architecture) return;
      const [wanted, found] = [expected, actual].map((platform) =>
        formatPlatformAll(normalizePlatform(platform, expected)),
      );
      const { base, origin } = from;
      const message = `Base image ${name} was pulled with platform "${found ?? ''}", expected "${wanted ?? ''}" for current build`;
      report({ message, lines: origin.lines, span: base.span });
    },
  },
};
