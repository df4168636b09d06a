import process from 'node:process';
import { openContentStore } from '../../content/store.ts';
import type { DockerfileInput } from '../read-dockerfile.ts';
import { readBuildInput } from './build-input.ts';
import type { BuildOptions } from './build-options.ts';
import { withSystemErrors } from './explain-system-error.ts';
import { Fetching } from './fetching.ts';
import { secretSource } from './secrets.ts';

type Wanted = Pick<
  BuildOptions,
  'store' | 'context' | 'file' | 'stdin' | 'env' | 'secrets' | 'agents' | 'buildArgs' | 'signal'
>;

/**
 * The Dockerfile of a context that has to be fetched or unpacked, as a build would find it. Nothing is built, so nobody has to
 * be root for it.
 *
 * Throws as {@link readBuildInput}.
 */
export function readRemoteDockerfile(wanted: Wanted): Promise<DockerfileInput> {
  return withSystemErrors(async () => {
    const { env, secrets, agents } = wanted;
    const content = openContentStore(wanted.store);
    const fetching = new Fetching({ content, env, secrets: secretSource(secrets, agents, env) });
    try {
      const setOwner = process.getuid?.() === 0 ? undefined : () => undefined;
      return (await readBuildInput({ ...wanted, setOwner }, fetching)).dockerfile;
    } finally {
      fetching[Symbol.dispose]();
      await content[Symbol.asyncDispose]();
    }
  });
}
