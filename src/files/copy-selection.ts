import { wantedMode, type WantedAttributes } from './attributes.ts';
import { childPath } from './binary-path.ts';
import type { ContentCopy } from './copy-content.ts';
import type { Destination } from './destination.ts';
import { permissions, type Entry } from './entry.ts';
import type { Pacer } from '../system/pacer.ts';
import type { SeenFiles } from './seen-files.ts';
import type { TreeReader } from './tree-reader.ts';
import type { EntryFilter } from './walk-selection.ts';
import type { WalkEvent } from './walk-event.ts';
import { walkSelection } from './walk-selection.ts';
import { readXattrs } from './xattrs.ts';

/** How something is copied. */
export interface CopyJob {
  readonly reader: TreeReader;
  readonly filter: EntryFilter;
  readonly destination: Destination;
  readonly wanted: WantedAttributes;
  readonly seen: SeenFiles | undefined;
  /** What a walk that was hashed came by; it is taken again. */
  readonly walk?: readonly WalkEvent[] | undefined;
  readonly pacer: Pacer;
  /** Told of everything that is selected, by its path relative to the root. */
  readonly onEntry: (relative: string) => void;
}

/** A directory of the destination that is being filled. */
interface OpenDirectory {
  /** In the destination. */
  readonly place: string;
  /** Nothing can be in the way in a directory that was made for the copy. */
  readonly isNew: boolean;
}

/** Copies a file, or what is selected in a directory, to a place whose directory is there. */
export async function copySelection(job: CopyJob, root: Entry, target: string): Promise<void> {
  const copy: ContentCopy = { reader: job.reader, pacer: job.pacer, links: new Map() };
  const open: OpenDirectory[] = [];
  for (const event of job.walk ?? walkSelection(job.reader, root, { ...job.filter, withXattrs: true })) {
    const { entry } = event;
    const above = open.at(-1);
    if (event.kind === 'open') {
      job.onEntry(entry.relative);
      if (!job.walk) job.seen?.checkDirectory(entry, event.children);
      open.push(openDirectory(job, entry, above ? childOf(above, entry) : target, above?.isNew === true));
    } else if (event.kind === 'close') {
      const directory = open.pop();
      if (directory) closeDirectory(job, entry, directory, event.isImplied);
    } else {
      job.onEntry(entry.relative);
      const place = above ? childOf(above, entry) : target;
      if (above?.isNew !== true) job.destination.makeWay(place, false);
      if (!job.walk) job.seen?.check(entry);
      const isSlow = job.destination.files.copy(copy, entry, place);
      if (isSlow) await isSlow;
      copyAttributes(job, entry, place);
    }
    if (job.pacer.isDue) await job.pacer.rest();
  }
}

function childOf(above: OpenDirectory, { relative }: Entry): string {
  return childPath(above.place, relative.slice(relative.lastIndexOf('/') + 1));
}

function openDirectory(job: CopyJob, entry: Entry, place: string, isInNew: boolean): OpenDirectory {
  const isNew = isInNew || job.destination.makeWay(place, true);
  const { files } = job.destination;
  if (isNew) files.makeDirectory(place);
  // The root itself keeps its permissions; what is in it gets those of the source.
  if (isNew || entry.relative !== '') files.setMode(place, permissions(entry.stat));
  return { place, isNew };
}

function closeDirectory(job: CopyJob, entry: Entry, { place, isNew }: OpenDirectory, isImplied: boolean): void {
  if (isNew || (entry.relative !== '' && !isImplied)) copyAttributes(job, entry, place);
  else if (entry.relative === '') job.destination.files.setTime(place, entry.stat.mtimeNs);
}

const root = { uid: 0, gid: 0 };

/** Owner, permissions, time and extended attributes. */
function copyAttributes(
  { reader, wanted, destination }: CopyJob,
  { path, stat, xattrNames }: Entry,
  target: string,
): void {
  const { files } = destination;
  const { kind } = reader.tree;
  const ofSource = kind === 'context' ? root : { uid: Number(stat.uid), gid: Number(stat.gid) };
  files.setOwner(target, wanted.owner ?? ofSource);
  // After the owner, whose change takes the set-id bits away.
  if (!stat.isSymbolicLink()) files.setMode(target, wantedMode(wanted.mode, permissions(stat), stat.isDirectory()));
  if (xattrNames?.length !== 0) files.setXattrs(target, readXattrs(reader.hostPath(path), kind, xattrNames));
  files.setTime(target, stat.mtimeNs);
}
