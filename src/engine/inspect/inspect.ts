import type { Source } from '../../diagnostic/source.ts';
import type { Platform } from '../../spec/platform.ts';
import { lintDockerfile } from '../../dockerfile/lint/lint.ts';
import type { Json, JsonObject } from './compact.ts';
import { instructionsForm } from './instructions-form.ts';
import { convertForm, lintForm } from './lint-form.ts';
import { parseForm } from './parse-form.ts';

/**
 * What Kiln makes of a Dockerfile, phase by phase, in the form in which BuildKit's answers are recorded: `parse`,
 * `instructions`, `lint`, `convert`, each a result or `{error, errorLines}`. An absent key means empty, false or null.
 *
 * For linux/amd64 without build arguments; every base image counts as empty.
 */
export function inspectDockerfile(source: Source): JsonObject {
  const platform = { os: 'linux', architecture: 'amd64' };
  const options = {
    buildArgs: new Map<string, string>(),
    buildPlatform: platform,
    targetPlatform: platform,
    baseImage: (_: string, wanted: Platform) => ({ ...wanted, config: { Cmd: ['sh'] }, history: [] }),
  };
  const lint = lintDockerfile(source, { ...options, allStages: true, keepSteps: false });
  const build = lintDockerfile(source, { ...options, allStages: false, keepSteps: true });
  const isReadable = lint.file.ast.problems.length === 0;
  return wellFormed({
    name: source.name,
    parse: parseForm(lint.file.ast),
    ...(isReadable && { instructions: instructionsForm(lint.file) }),
    lint: lintForm(lint),
    convert: convertForm(build),
  });
}

/** Bytes that are not UTF-8 appear as U+FFFD. */
function wellFormed(object: JsonObject): JsonObject {
  const mend = (value: Json): Json => {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value !== 'object' || value === null) return value;
    if (isArray(value)) return value.map(mend);
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, mend(field)]));
  };
  return mend(object) as JsonObject;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
