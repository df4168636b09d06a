/* The public API of Kiln as a library, and all that `cli/` may use of it. */

export { checkDockerfile, mendDockerfile, type CheckOptions, type Mended } from './check.ts';
export { listTargets, outlineDockerfile, type Described } from './describe.ts';
export { encodeText as encodeDockerfile } from '../dockerfile/lexer/decode.ts';
export { inspectDockerfile } from './inspect/inspect.ts';
export type { BuildOptions } from './build/build-options.ts';
export type { BuildOutput } from './build/build-output.ts';
export { readDescriptor, readStream } from './read-all.ts';
export type { StoreCheck } from './store/check.ts';
export type { ImageInfo } from './store/images.ts';
export type { StoreRecord } from './store/store-record.ts';
export { readDockerfile, reasonOf, type DockerfileInput, type ReadOptions } from './read-dockerfile.ts';
export { instructionMessage } from './inspect/instructions-form.ts';
export type { ArgInfo } from '../dockerfile/evaluate/outline-draft.ts';
export type { Outline } from '../dockerfile/evaluate/outline.ts';
export type { Stage } from '../dockerfile/instructions/command.ts';
export type { LintResult } from '../dockerfile/lint/lint.ts';
export type { Warning } from '../dockerfile/lint/linter.ts';
export { rules } from '../dockerfile/lint/rules.ts';
export type { Rule } from '../dockerfile/lint/rule.ts';
export type { Problem } from '../dockerfile/problem.ts';
