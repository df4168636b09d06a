/** A program of which parts are loaded when something of them is first used. */
export interface PartedProgram {
  /** What it begins with. */
  readonly entry: string;
  /** By name: folders, files without their endings, and `{a,b}`. A file belongs to the first part that names it; if none does, to the first. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a build needs that finds everything done is in the first of these parts, and as little else as is easily said: it is read
 * whenever Kiln starts.
 */
const kiln: PartedProgram = {
  entry: 'src/cli/main.ts',
  parts: {
    start: [
      'src/cli/commands/{as-root,build,build-flags,call-method,engine-build-options,flag-values,options}',
      'src/cli/commands/{report-failure,run-build,store-flag}',
      'src/cli/format/build-failure',
      'src/engine/store/{collection-due,collection-policy}',
      'src/layer/compression',
      'src/sandbox/{capabilities,rootless/rootless}',
      'src/spec/tar/entry',
    ],
    /** To run steps, and to keep what they make. */
    steps: [
      'src/content/{arriving-blob,blob-writer,write-aside}',
      'src/engine/build/no-mounts-error',
      'src/engine/store/layer-sizes',
      'src/files/{attributes,cannot-plan,copy-action,copy-content,copy-large-file,copy-selection,copy-small-file,copy-tree}',
      'src/files/{destination,disk-files,hash-file,make-directory,make-file,make-special-file,own-output,owner}',
      'src/files/{plan-entry,planned-content,planned-entries,planned-files,prepare-target,remove-tree,run-file-actions}',
      'src/layer/',
      'src/ops/{cache-directory,exec-mounts,files-in-stack,run-exec,run-file,run-planned,step-failure,step-output,step-root}',
      'src/sandbox/',
      'src/snapshot/{choose-snapshotter,copied/,like-root,overlay-snapshotter,probe-overlay}',
      'src/spec/tar/',
      'src/system/{data-extents,environment-bytes,file-owner,make-directories,memory-file,node,overlay,owner-record,pipe}',
      // Which changes flags of V8, and V8 takes nothing that it compiled with others: so all of this is loaded before.
      'src/system/{small-new-space,socket-pair,spawn,times,write-content}',
    ],
    /** To make an image of what is known, or files. */
    exports: ['src/engine/build/{compose-image,image-json,image-layers}', 'src/export/'],
    /** What comes from elsewhere. */
    sources: [
      'node_modules/xz-decompress/',
      'src/content/{broken-image,decompress,docker-archive,image-parts,layout-source,load-images,load-layout,unzstd}',
      'src/engine/build/{damaged-layer,http-options,load,oci-layout-image,source-time}',
      'src/files/archive/',
      'src/registry/',
      'src/source/',
    ],
    /** Other commands, and what is printed instead of a build. */
    others: [
      'node_modules/commander/lib/help',
      'src/cli/{commands/,confirm,format/,replace-file}',
      'src/dockerfile/lint/fix',
      'src/dockerfile/parser/dump',
      'src/engine/{build/preview,build/remote-dockerfile,check,describe,inspect/,store/}',
      'src/graph/{graph-view,render/}',
    ],
  },
};

/** Editors run it with every change, so it is a program of its own, a third of the size of the other one. */
const lint: PartedProgram = { entry: 'src/cli/lint-main.ts', parts: { lint: [] } };

export const programs: readonly PartedProgram[] = [kiln, lint];
