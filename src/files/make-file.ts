import { writeFileSync } from 'node:fs';
import type { MakeFileAction } from '../graph/file-op.ts';
import { toBytes } from '../spec/byte-string.ts';
import { setMode, setTime, wantedMode } from './attributes.ts';
import { fsPath, toBinary } from './binary-path.ts';
import type { ActionScope } from './action-scope.ts';
import { Destination } from './destination.ts';
import { prepareTarget } from './prepare-target.ts';

/** Makes the file of a heredoc, as if it were copied. */
export function makeFile(action: MakeFileAction, { root, wanted }: ActionScope): void {
  const destination = new Destination(root, false);
  const name = toBinary(action.name);
  const place = prepareTarget(destination, { name, isDirectory: false }, toBinary(action.destination), wanted);
  destination.makeWay(place, false);
  writeFileSync(fsPath(place.host), toBytes(action.content), { flag: 'wx' });
  const { uid, gid } = wanted.owner ?? { uid: 0, gid: 0 };
  wanted.setOwner(fsPath(place.host), uid, gid);
  setMode(place.host, wantedMode(wanted.mode, 0o644, false));
  if (wanted.timeNs !== undefined) setTime(place.host, wanted.timeNs);
}
