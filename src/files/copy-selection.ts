import { mkdirSync } from 'node:fs';
import { wantedMode, setMode, setTime, type WantedAttributes } from './attributes.ts';
import { fsPath } from './binary-path.ts';
import { copyContent, type ContentCopy } from './copy-content.ts';
import type { Destination, Place } from './destination.ts';
import { permissions, type Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import type { Pacer } from './pacer.ts';
import { isUnchanged, type SeenFiles } from './seen-files.ts';
import type { TreeReader } from './tree-reader.ts';
import type { EntryFilter } from './walk-selection.ts';
import { walkSelection } from './walk-selection.ts';
import { readXattrs, writeXattrs } from './xattrs.ts';

/** How something is copied. */
export interface CopyJob {
  readonly reader: TreeReader;
  readonly filter: EntryFilter;
  readonly destination: Destination;
  readonly wanted: WantedAttributes;
  readonly seen: SeenFiles | undefined;
  readonly pacer: Pacer;
  /** Told of everything that is selected, by its path relative to the root. */
  readonly onEntry: (relative: string) => void;
}

/** A directory of the destination that is being filled. */
interface OpenDirectory {
  readonly place: Place;
  /** Nothing can be in the way in a directory that was made for the copy. */
  readonly isNew: boolean;
}

/** Copies a file, or what is selected in a directory, to a place whose directory is there. */
export async function copySelection(job: CopyJob, root: Entry, target: Place): Promise<void> {
  const copy: ContentCopy = { reader: job.reader, pacer: job.pacer, links: new Map() };
  const open: OpenDirectory[] = [];
  for (const event of walkSelection(job.reader, root, job.filter)) {
    const { entry } = event;
    const above = open.at(-1);
    if (event.kind === 'open') {
      job.onEntry(entry.relative);
      job.seen?.checkDirectory(entry.path, event.children);
      open.push(openDirectory(job, entry, above ? childOf(job, above, entry) : target, above?.isNew === true));
    } else if (event.kind === 'close') {
      const directory = open.pop();
      if (directory) closeDirectory(job, entry, directory, event.isImplied);
    } else {
      job.onEntry(entry.relative);
      const place = above ? childOf(job, above, entry) : target;
      if (above?.isNew !== true) job.destination.makeWay(place, false);
      job.seen?.check(entry);
      const isSlow = copyContent(copy, entry, place.host);
      if (isSlow) await isSlow;
      if (job.reader.tree.kind === 'context') verify(job.reader, entry);
      copyAttributes(job, entry, place.host);
    }
    if (job.pacer.isDue) await job.pacer.rest();
  }
}

function childOf(job: CopyJob, above: OpenDirectory, { relative }: Entry): Place {
  return job.destination.child(above.place, relative.slice(relative.lastIndexOf('/') + 1));
}

function openDirectory(job: CopyJob, entry: Entry, place: Place, isInNew: boolean): OpenDirectory {
  const isNew = isInNew || job.destination.makeWay(place, true);
  if (isNew) mkdirSync(fsPath(place.host));
  // The root itself keeps its permissions; what is in it gets those of the source.
  if (isNew || entry.relative !== '') setMode(place.host, permissions(entry.stat));
  return { place, isNew };
}

function closeDirectory(job: CopyJob, entry: Entry, { place, isNew }: OpenDirectory, isImplied: boolean): void {
  if (isNew || (entry.relative !== '' && !isImplied)) copyAttributes(job, entry, place.host);
  else if (entry.relative === '') setTime(place.host, entry.stat.mtimeNs);
}

/** Owner, permissions, time and extended attributes. */
function copyAttributes({ reader, wanted }: CopyJob, { path, stat }: Entry, target: string): void {
  const kind = reader.tree.kind;
  const { uid, gid } =
    wanted.owner ?? (kind === 'context' ? { uid: 0, gid: 0 } : { uid: Number(stat.uid), gid: Number(stat.gid) });
  wanted.setOwner(fsPath(target), uid, gid);
  // After the owner, whose change takes the set-id bits away.
  if (!stat.isSymbolicLink()) setMode(target, wantedMode(wanted.mode, permissions(stat), stat.isDirectory()));
  writeXattrs(target, readXattrs(reader.hostPath(path), kind));
  setTime(target, stat.mtimeNs);
}

function verify(reader: TreeReader, entry: Entry): void {
  const stat = reader.statAll(entry.path);
  if (!stat || !isUnchanged(entry.stat, stat)) throw changedError(entry.path);
}
