import type { MakeFileAction } from '../graph/file-op.ts';
import { toBytes } from '../spec/byte-string.ts';
import { wantedMode } from './attributes.ts';
import { toBinary } from './binary-path.ts';
import type { ActionScope } from './action-scope.ts';
import { Destination } from './destination.ts';
import { prepareTarget } from './prepare-target.ts';

/** Makes the file of a heredoc, as if it were copied. */
export function makeFile(action: MakeFileAction, { files, wanted }: ActionScope): void {
  const destination = new Destination(files, false);
  const name = toBinary(action.name);
  const place = prepareTarget(destination, { name, isDirectory: false }, toBinary(action.destination), wanted);
  destination.makeWay(place, false);
  files.write(place, toBytes(action.content));
  files.setOwner(place, wanted.owner ?? { uid: 0, gid: 0 });
  files.setMode(place, wantedMode(wanted.mode, 0o644, false));
  if (wanted.timeNs !== undefined) files.setTime(place, wanted.timeNs);
}
