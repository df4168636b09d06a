import { posix } from 'node:path';
import { parse, type ExportSpecifier, type ImportDeclaration, type Program } from 'acorn';
import type { Metafile, OutputFile } from 'esbuild';

/*
 * A program in a few files, its parts, each of which is loaded when something of it is first used. esbuild's splitting makes a
 * chunk of whatever the same entry points need: too many to have a file each, and ES modules, which node:vm does not run. Here
 * every chunk becomes a function, and a part is the chunks that are needed on the same occasion.
 */

/** What esbuild gives with `splitting`, `format: 'esm'` and `metafile`. */
export interface SplitBundle {
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** By their names, the source files whose imports, all but the dynamic ones, belong to a part and to none before it. */
export type PartRoots = Readonly<Record<string, readonly string[]>>;

/** What is in none of the others. */
const lastPart = 'rest';

interface Chunk {
  readonly number: number;
  readonly text: string;
  readonly entryPoint: string | undefined;
  /** Paths of other chunks. */
  readonly imports: readonly string[];
}

/**
 * The text of each part: an expression, an object with a function for each chunk by its number. `bin/compiled-program.js` calls
 * it with `use(number, part)`, which gives the exports of another chunk, `load`, which does so with a promise, and `require`.
 * The first chunk is number 0, which exports what the first root does.
 */
export function linkParts(bundle: SplitBundle, roots: PartRoots): ReadonlyMap<string, string> {
  const chunks = chunksOf(bundle, Object.values(roots).flat()[0]);
  const partOf = assignParts(chunks, roots);
  const parts = new Map<string, string[]>();
  for (const [path, chunk] of chunks) {
    const part = partOf.get(path) ?? lastPart;
    const reference = (specifier: string) => {
      const target = posix.join(posix.dirname(path), specifier);
      const { number } = found(chunks, target);
      return `(${number},${JSON.stringify(partOf.get(target) ?? lastPart)})`;
    };
    // In parentheses, V8 compiles it at once: most of what is in a part is needed when it is.
    const text = `${chunk.number}:(${chunkFunction(chunk, reference)})`;
    parts.set(part, [...(parts.get(part) ?? []), text]);
  }
  return new Map([...parts].map(([part, texts]) => [part, `({${texts.join(',\n')}})\n`]));
}

function chunksOf({ outputFiles, metafile }: SplitBundle, first: string | undefined): ReadonlyMap<string, Chunk> {
  const outputs = Object.entries(metafile.outputs);
  const texts = new Map(outputFiles.map(({ path, text }) => [posix.relative(process.cwd(), path), text]));
  const isFirst = (entryPoint: string | undefined) => Number(entryPoint !== undefined && entryPoint === first);
  outputs.sort(([, a], [, b]) => isFirst(b.entryPoint) - isFirst(a.entryPoint));
  return new Map(
    outputs.map(([path, { entryPoint, imports }], number) => {
      const inside = imports.filter(({ external, kind }) => external !== true && kind === 'import-statement');
      return [path, { number, entryPoint, text: texts.get(path) ?? '', imports: inside.map((other) => other.path) }];
    }),
  );
}

function assignParts(chunks: ReadonlyMap<string, Chunk>, roots: PartRoots): ReadonlyMap<string, string> {
  const paths = new Map([...chunks].map(([path, { entryPoint }]) => [entryPoint, path]));
  const partOf = new Map<string, string>();
  const assign = (path: string, part: string) => {
    if (partOf.has(path)) return;
    partOf.set(path, part);
    for (const other of found(chunks, path).imports) assign(other, part);
  };
  for (const [part, files] of Object.entries(roots)) for (const file of files) assign(found(paths, file), part);
  return partOf;
}

/** Exports are values, not bindings: ESLint sees to it that what is exported does not change. */
function chunkFunction({ text }: Chunk, reference: (specifier: string) => string): string {
  const { body } = parse(text, { sourceType: 'module', ecmaVersion: 'latest' });
  const exported: string[] = [];
  let linked = '';
  let end = 0;
  for (const node of body) {
    linked += text.slice(end, node.start);
    end = node.end;
    if (node.type === 'ImportDeclaration') linked += importText(node, reference);
    else if (node.type === 'ExportNamedDeclaration' && !node.declaration)
      exported.push(...node.specifiers.map(property));
    else if (node.type === 'ExportDefaultDeclaration')
      exported.push(`default:${text.slice(node.declaration.start, node.declaration.end)}`);
    else linked += otherText(text, node);
  }
  linked = linked.replaceAll(/\bimport\("(\.\/[^"]+\.js)"\)/g, (_, path: string) => `load${reference(path)}`);
  return `function(use,load,require){"use strict";${linked}\nreturn{${exported.join(',')}}}`;
}

function otherText(text: string, { type, start, end }: Program['body'][number]): string {
  if (type.startsWith('Export')) throw new Error(`esbuild exports in another way by now: ${text.slice(start, end)}`);
  return text.slice(start, end);
}

function importText({ source, specifiers }: ImportDeclaration, reference: (specifier: string) => string): string {
  const name = String(source.value);
  const module = name.startsWith('./') ? `use${reference(name)}` : `require(${JSON.stringify(name)})`;
  const names: string[] = [];
  const wholes: string[] = [];
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    if (specifier.type === 'ImportSpecifier') names.push(`${nameOf(specifier.imported)}:${local}`);
    else if (specifier.type === 'ImportDefaultSpecifier' && name.startsWith('./')) names.push(`default:${local}`);
    // A built-in module is what it exports by default.
    else wholes.push(local);
  }
  const bindings = [...wholes, ...(names.length > 0 ? [`{${names.join(',')}}`] : [])];
  if (bindings.length === 0) return `${module};`;
  return `const ${bindings.map((binding) => `${binding}=${module}`).join(',')};`;
}

function property({ local, exported }: ExportSpecifier): string {
  return `${nameOf(exported)}:${nameOf(local)}`;
}

function nameOf(node: ExportSpecifier['local']): string {
  return node.type === 'Identifier' ? node.name : JSON.stringify(node.value);
}

function found<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is no ${String(key)} in the bundle`);
  return value;
}
