import { join } from 'node:path';
import type { Dockerfile } from '../../dockerfile/instructions/parse-stages.ts';
import type { Warning } from '../../dockerfile/lint/linter.ts';
import type { Problem } from '../../dockerfile/problem.ts';
import { assert } from '../../diagnostic/assert.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import { OpRunner } from '../../ops/op-runner.ts';
import { systemClock } from '../../progress/clock.ts';
import { solve } from '../../solver/solve.ts';
import { SmallNewSpace } from '../../system/small-new-space.ts';
import { beginCollections, checkCollectionLimits, isCollectionDue } from '../store/collection-due.ts';
import type { BuildOptions } from './build-options.ts';
import { BuildSession } from './build-session.ts';
import { explained } from './explain-failure.ts';
import { withSystemErrors } from './explain-system-error.ts';
import { exportImages, type Exported } from './export-images.ts';
import { KnownBuild } from './known-build.ts';
import { planImages } from './plan-images.ts';

const definitionStep = '[internal] load build definition from Dockerfile';

/** What came of a build. */
export type BuildOutcome =
  /** The Dockerfile cannot be built; the problem that BuildKit names comes first. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[]; readonly file: Dockerfile }
  | {
      readonly kind: 'built';
      readonly exported: Exported;
      readonly warnings: readonly Warning[];
      /** Steps that were run. */
      readonly ran: number;
    };

/**
 * Builds a Dockerfile, and makes of it what was asked for.
 *
 * Throws KilnError if something that is needed cannot be had or written, or if a step fails. Then nothing was
 * written, and nothing is left running.
 */
export function build(options: BuildOptions): Promise<BuildOutcome> {
  return withSystemErrors(async () => {
    checkCollectionLimits(options.env);
    let built: BuiltInSession | undefined;
    try {
      built = await buildInSession(options);
      return built.outcome;
    } finally {
      if (built?.mayClean !== false && !options.signal.aborted) await cleanUp(options);
    }
  });
}

/** A build that is done does not fail because the store cannot be cleaned; `kiln prune` says why. */
async function cleanUp({ store, env }: BuildOptions): Promise<void> {
  try {
    // Most builds do without.
    const { collectGarbage } = await import('../store/collect-garbage.ts');
    await collectGarbage(store, { env });
  } catch (error) {
    if (!isKilnError(error) && !(error instanceof Error && 'syscall' in error)) throw error;
  }
}

/** Characters of a Dockerfile that becomes so many steps that memory matters more than some milliseconds. */
const large = 1 << 15;

interface BuiltInSession {
  readonly outcome: BuildOutcome;
  /** The store has grown, and was not looked at lately. */
  readonly mayClean: boolean;
}

async function buildInSession(options: BuildOptions): Promise<BuiltInSession> {
  await using session = await BuildSession.open(options);
  const { text } = session.input.dockerfile.source;
  using _space = text.length > large ? new SmallNewSpace() : undefined;
  const known = new KnownBuild(join(session.content.root, 'known-builds'), text, options);
  if (known.willRun()) session.beginNetwork();
  const planned = await planImages(session, options);
  if ('problems' in planned) return { outcome: { kind: 'invalid', ...planned }, mayClean: false };
  session.steps.warn(definitionStep, planned.warnings);
  session.expect(planned.images);
  const targets = planned.images.map(({ vertex }) => vertex);
  const { results, ran } = await explained(() =>
    solve(targets, {
      ...{ runner: new OpRunner(session.environment), jobs: options.jobs, sink: options.sink, clock: systemClock },
      ...{ signal: options.signal, keepGoing: options.keepGoing },
    }),
  );
  const exported = await exportImages(
    session,
    planned.images.map((image, index) => {
      const result = results[index];
      assert(result !== undefined, 'every target has a result');
      return { ...image, result };
    }),
  );
  const mayClean = ran > 0 && isCollectionDue(session.content, options);
  if (ran > 0 && !mayClean) beginCollections(session.content, options);
  known.add();
  return { outcome: { kind: 'built', exported, warnings: planned.warnings, ran }, mayClean };
}
