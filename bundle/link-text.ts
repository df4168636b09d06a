import {
  parse,
  type AnyNode,
  type Expression,
  type ObjectExpression,
  type Program,
  type VariableDeclarator,
} from 'acorn';

/**
 * Built-in modules that take a millisecond or more to load, and that most runs do without: they are loaded when something of them
 * is first used.
 */
const lateModules =
  /^node:(child_process|crypto|fs\/promises|http|https|module|net|sqlite|stream|stream\/promises|timers\/promises|v8|worker_threads|zlib)$/;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes a function of a bundle in CommonJS whose exports are modules. `bin/compiled-program.js` calls it with
 * `__use(part, number)`, which gives a module of another part, `__load`, which does so with a promise, and `require`. Its value
 * has a function for each module, that gives what the module exports, which must not change any more.
 *
 * What is imported from other parts is asked for where it is used, when it is first used.
 */
export function linkText(text: string): string {
  const tree = parse(text, { sourceType: 'script', ecmaVersion: 'latest' });
  const { edits: importEdits, late } = linkImports(tree);
  const { edits: exportEdits, doors } = linkExports(text, tree, late);
  const edits = [...importEdits, ...exportEdits];
  visit(tree, (node) => {
    const { start, end } = node;
    if (node.type === 'ImportExpression') edits.push({ start, end, text: dynamicImport(node.source) });
    if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return;
    const { object } = node;
    if (late.has(object.name)) edits.push({ start: object.start, end: object.end, text: loaded(object.name, late) });
  });
  return `(function(__use,__load,require){"use strict";${edited(text, edits)}
function __whole(module){return{__proto__:module,default:module}}return{${doors.join(',')}}})\n`;
}

/** What gives a module that is imported late, by the name of its variable. */
type LateImports = ReadonlyMap<string, string>;

/** The module, loaded where it is used if it has not been. */
function loaded(variable: string, late: LateImports): string {
  return `(${variable}??=${late.get(variable) ?? ''})`;
}

function linkImports(tree: Program): { readonly edits: readonly Edit[]; readonly late: LateImports } {
  const late = new Map<string, string>();
  const edits: Edit[] = [];
  for (const { id, init } of declarators(tree)) {
    const imported = init && importOf(init);
    if (id.type !== 'Identifier' || !imported) continue;
    if (imported.isLate) late.set(id.name, imported.text);
    const { start, end } = init;
    edits.push(imported.isLate ? { start: id.end, end, text: '' } : { start, end, text: imported.text });
  }
  return { edits, late };
}

function declarators(tree: Program): readonly VariableDeclarator[] {
  return tree.body.flatMap((statement) => (statement.type === 'VariableDeclaration' ? statement.declarations : []));
}

interface Import {
  readonly text: string;
  readonly isLate: boolean;
}

/** Of `require("...")`, or `__toESM(require("..."))` if all of a module is imported. */
function importOf(init: Expression): Import | undefined {
  if (init.type !== 'CallExpression' || init.callee.type !== 'Identifier') return undefined;
  const [argument] = init.arguments;
  if (init.callee.name === '__toESM' && argument?.type === 'CallExpression') {
    const inner = importOf(argument);
    // esbuild would copy all that the module has.
    return inner && (inner.text.startsWith('__use(') ? inner : { ...inner, text: `__whole(${inner.text})` });
  }
  if (init.callee.name !== 'require' || argument?.type !== 'Literal') return undefined;
  const name = String(argument.value);
  if (name.startsWith('door:')) return { text: `__use(${doorArguments(name)})`, isLate: true };
  return { text: `require(${JSON.stringify(name)})`, isLate: lateModules.test(name) };
}

function dynamicImport(source: Expression): string {
  const name = source.type === 'Literal' ? String(source.value) : '';
  if (name.startsWith('door:')) return `__load(${doorArguments(name)})`;
  if (name.startsWith('node:')) return `(async()=>__whole(require(${JSON.stringify(name)})))()`;
  throw new Error(`there is no such module in the bundle: ${name}`);
}

function doorArguments(name: string): string {
  const [, part, number] = name.split(':');
  return `${JSON.stringify(part)},${number}`;
}

interface LinkedExports {
  readonly edits: readonly Edit[];
  readonly doors: readonly string[];
}

/**
 * esbuild gives every module that is exported as a whole an object with a getter for each of its exports, which takes time at
 * every start: here, it is a function that makes the object.
 */
function linkExports(text: string, tree: Program, late: LateImports): LinkedExports {
  const all = exportCalls(tree);
  const last = tree.body.find(({ start, end }) => text.slice(start, end).startsWith('module.exports=__toCommonJS('));
  const main = all.find(({ name }) => last && text.slice(last.start, last.end).includes(`(${name})`));
  if (!last || !main) throw new Error('esbuild exports in another way by now');
  const counts = countNames(tree);
  const doors: string[] = [];
  const edits: Edit[] = [last, main].map(({ start, end }) => ({ start, end, text: '' }));
  for (const { key, value } of getters(text, main.object)) {
    const door = all.find(({ name }) => name === value);
    const place = declarators(tree).find(({ id }) => id.type === 'Identifier' && id.name === value)?.init;
    // Where it is declared, where it is given its properties, and here: others want the object.
    if (door && place && counts.get(value) === 3) {
      edits.push({ start: door.start, end: door.end, text: '' });
      edits.push({ start: place.start, end: place.end, text: `()=>({${properties(text, door.object, late)}})` });
      doors.push(`${key}:${value}`);
    } else doors.push(`${key}:()=>${value}`);
  }
  return { edits, doors };
}

interface ExportCall {
  /** Of the variable with the object that is exported. */
  readonly name: string;
  readonly object: ObjectExpression;
  readonly start: number;
  readonly end: number;
}

/** `__export(name,{a:()=>a,...});` */
function exportCalls(tree: Program): readonly ExportCall[] {
  return tree.body.flatMap((statement) => {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return [];
    const { callee, arguments: given } = statement.expression;
    const [name, object] = given;
    const isExport = callee.type === 'Identifier' && callee.name === '__export';
    if (!isExport || name?.type !== 'Identifier' || object?.type !== 'ObjectExpression') return [];
    return [{ name: name.name, object, start: statement.start, end: statement.end }];
  });
}

function getters(text: string, { properties }: ObjectExpression): readonly { key: string; value: string }[] {
  return properties.flatMap((property) => {
    if (property.type !== 'Property' || property.value.type !== 'ArrowFunctionExpression') return [];
    const [{ start, end }, { body }] = [property.key, property.value];
    return [{ key: text.slice(start, end), value: text.slice(body.start, body.end) }];
  });
}

/** What another module exports is not asked for before somebody wants it. */
function properties(text: string, object: ObjectExpression, late: LateImports): string {
  const property = ({ key, value }: { readonly key: string; readonly value: string }) => {
    const [variable = '', ...path] = value.split('.');
    if (path.length === 0) return `${key}:${value}`;
    const module = late.has(variable) ? loaded(variable, late) : variable;
    return `get ${key}(){return ${[module, ...path].join('.')}}`;
  };
  return getters(text, object).map(property).join(',');
}

function countNames(tree: Program): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  visit(tree, (node) => {
    if (node.type === 'Identifier') counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  });
  return counts;
}

function visit(node: AnyNode, look: (node: AnyNode) => void): void {
  look(node);
  for (const value of Object.values(node) as unknown[])
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) visit(child, look);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Edits within others count for nothing. */
function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
