import type { MakeDirectoryAction } from '../graph/file-op.ts';
import { toBinary } from './binary-path.ts';
import type { ActionScope } from './action-scope.ts';
import { Destination } from './destination.ts';

/** Makes the directory of WORKDIR with those above it. */
export function makeDirectory(action: MakeDirectoryAction, { files, wanted }: ActionScope): void {
  const destination = new Destination(files, false);
  destination.makeDirectories(destination.locate(toBinary(action.path)), action.mode & 0o777, wanted);
}
