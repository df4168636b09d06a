import { relative } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { linkText } from './link-text.ts';
import type { PartedProgram } from './programs.ts';

/*
 * A program in a few files, its parts. A part is loaded when something of it is first used, not when it is imported: so sources
 * may import what they like, and only the list of parts says what a run should do without.
 */

/** A module that other parts use, or that an `import()` asks for. */
interface Door {
  readonly part: string;
  /** Of all doors of the program; 0 is the entry. */
  readonly number: number;
}

type Doors = ReadonlyMap<string, Door>;

/** The text of each part, as {@link linkText} makes it. */
export async function linkParts(
  { entry, parts }: PartedProgram,
  options: BuildOptions,
): Promise<ReadonlyMap<string, string>> {
  const root = options.absWorkingDir ?? process.cwd();
  const whole = await build({ ...options, entryPoints: [entry], bundle: true, write: false, metafile: true });
  const partOf = partFinder(parts, Object.keys(whole.metafile.inputs));
  const doors = findDoors(entry, whole.metafile, partOf);
  const names = [...new Set(Array.from(doors.values(), ({ part }) => part))];
  const texts = await Promise.all(names.map((name) => bundlePart(name, { doors, partOf, root, options })));
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}

/** Throws if a part names what is not there: it has another name by now. */
function partFinder(parts: PartedProgram['parts'], files: readonly string[]): (file: string) => string {
  const names = Object.keys(parts);
  const listed = Object.entries(parts).flatMap(([part, patterns]) =>
    patterns.flatMap(expandBraces).map((path) => ({ part, path })),
  );
  const isIn = (file: string, path: string) =>
    path.endsWith('/') ? file.startsWith(path) : file.replace(/\.\w+$/, '') === path;
  const lost = listed.find(({ path }) => !files.some((file) => isIn(file, path)));
  if (lost) throw new Error(`part ${lost.part} has no ${lost.path}`);
  return (file) => listed.find(({ path }) => isIn(file, path))?.part ?? names[0] ?? '';
}

function expandBraces(pattern: string): readonly string[] {
  const [before = '', names, after = ''] = pattern.split(/[{}]/);
  return names === undefined ? [before] : names.split(',').map((name) => before + name + after);
}

function findDoors(entry: string, { inputs }: Metafile, partOf: (file: string) => string): Doors {
  const files = new Set([entry]);
  for (const [file, { imports }] of Object.entries(inputs))
    for (const { path, kind, external } of imports)
      if (external !== true && (kind === 'dynamic-import' || partOf(path) !== partOf(file))) files.add(path);
  return new Map(Array.from(files, (file, number) => [file, { part: partOf(file), number }]));
}

interface PartContext {
  /** Absolute path of the folder that names of files begin at. */
  readonly root: string;
  readonly doors: Doors;
  readonly partOf: (file: string) => string;
  readonly options: BuildOptions;
}

async function bundlePart(name: string, { doors, partOf, root, options }: PartContext): Promise<string> {
  const own = [...doors].filter(([, { part }]) => part === name);
  const contents = own.map(([file, { number }]) => `export * as door${number} from './${file}';`).join('\n');
  const { outputFiles } = await build({
    ...options,
    // In an ES module, what comes from CommonJS is what Node makes of it.
    stdin: { contents, resolveDir: root, sourcefile: `${name}.mjs` },
    bundle: true,
    write: false,
    format: 'cjs',
    plugins: [doorways(name, { doors, partOf, root })],
  });
  return linkText(outputFiles[0]?.text ?? '');
}

/** Leaves what is in another part, or for later, to {@link linkText}: as `door:PART:NUMBER`. */
function doorways(name: string, { doors, partOf, root }: Omit<PartContext, 'options'>): Plugin {
  return {
    name: 'doorways',
    setup: (bundle) => {
      bundle.onResolve({ filter: /.*/ }, async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === doors || importer === `${name}.mjs`) return undefined;
        const found = await bundle.resolve(path, { kind, importer, namespace, resolveDir, pluginData: doors });
        if (found.external || found.errors.length > 0) return undefined;
        const file = relative(root, found.path);
        if (kind !== 'dynamic-import' && partOf(file) === name) return undefined;
        const door = doors.get(file);
        return door && { path: `door:${door.part}:${door.number}`, external: true, sideEffects: false };
      });
    },
  };
}
