import { noEmptyContinuation } from './rules/no-empty-continuation.ts';
import { maintainerDeprecated } from './rules/maintainer-deprecated.ts';
import { stageNameCasing } from './rules/stage-name-casing.ts';
import { fromAsCasing } from './rules/from-as-casing.ts';
import { invalidDefinitionDescription } from './rules/invalid-definition-description.ts';
import { reservedStageName } from './rules/reserved-stage-name.ts';
import { duplicateStageName } from './rules/duplicate-stage-name.ts';
import { consistentInstructionCasing } from './rules/consistent-instruction-casing.ts';
import { invalidDefaultArgInFrom } from './rules/invalid-default-arg-in-from.ts';
import { undefinedArgInFrom } from './rules/undefined-arg-in-from.ts';
import { redundantTargetPlatform } from './rules/redundant-target-platform.ts';
import { fromPlatformFlagConstDisallowed } from './rules/from-platform-flag-const-disallowed.ts';
import { invalidBaseImagePlatform } from './rules/invalid-base-image-platform.ts';
import { undefinedVar } from './rules/undefined-var.ts';
import { legacyKeyValueFormat } from './rules/legacy-key-value-format.ts';
import { secretsUsedInArgOrEnv } from './rules/secrets-used-in-arg-or-env.ts';
import { workdirRelativePath } from './rules/workdir-relative-path.ts';
import { multipleInstructionsDisallowed } from './rules/multiple-instructions-disallowed.ts';
import { jsonArgsRecommended } from './rules/json-args-recommended.ts';
import { exposeProtoCasing } from './rules/expose-proto-casing.ts';
import { exposeInvalidFormat } from './rules/expose-invalid-format.ts';
import { copyIgnoredFile } from './rules/copy-ignored-file.ts';
import type { Rule } from './rule.ts';

/** Every rule; where several look at the same event, in the order in which BuildKit reports. */
export const rules: readonly Rule[] = [
  noEmptyContinuation,
  maintainerDeprecated,
  stageNameCasing,
  fromAsCasing,
  invalidDefinitionDescription,
  reservedStageName,
  duplicateStageName,
  consistentInstructionCasing,
  invalidDefaultArgInFrom,
  undefinedArgInFrom,
  redundantTargetPlatform,
  fromPlatformFlagConstDisallowed,
  invalidBaseImagePlatform,
  undefinedVar,
  legacyKeyValueFormat,
  secretsUsedInArgOrEnv,
  workdirRelativePath,
  multipleInstructionsDisallowed,
  jsonArgsRecommended,
  exposeProtoCasing,
  exposeInvalidFormat,
  copyIgnoredFile,
];
