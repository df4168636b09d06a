import type { LintResult } from '../../dockerfile/lint/lint.ts';
import type { Image } from '../../spec/image-config.ts';
import type { Json, JsonObject } from './compact.ts';
import { instructionMessage } from './instructions-form.ts';
import { errorForm } from './parse-form.ts';

/** The warnings, and the error that ended it. */
export function lintForm(result: LintResult): JsonObject {
  return {
    warnings: result.warnings.map(({ rule, message, lines }) => ({ rule: rule.name, message, lines })),
    ...firstError(result),
  };
}

function firstError({ file, problems }: LintResult): JsonObject {
  const [first] = problems;
  if (!first) return {};
  const isInstruction = file.ast.problems.length === 0 && file.problems.includes(first);
  return errorForm({ ...first, message: isInstruction ? instructionMessage(first) : first.message });
}

/** The image that a build would give, or the error that would end it. */
export function convertForm(result: LintResult): JsonObject {
  const { evaluation, problems } = result;
  if (problems.length > 0 || !evaluation?.image) return firstError(result);
  return { ...imageForm(evaluation.image), images: evaluation.images };
}

function imageForm({ config, history, author, architecture, os }: Image): JsonObject {
  return {
    config: config as Record<string, Json>,
    history: history.map(({ created_by, empty_layer }) => ({
      created_by: created_by ?? '',
      ...(empty_layer && { empty_layer }),
    })),
    ...(author !== undefined && { author }),
    ...(architecture !== 'amd64' && { architecture }),
    ...(os !== 'linux' && { os }),
  };
}
