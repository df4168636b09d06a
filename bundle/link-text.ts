import { parse, type AnyNode, type Expression } from 'acorn';

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
 * Makes a function of a bundle in CommonJS: `bin/compiled-program.js` calls it with `use(part, number)`, which gives a module of
 * another part, `load`, which does so with a promise, and `require`; its value is the exports of the bundle.
 *
 * What is imported from other parts is asked for where it is used, when it is first used.
 */
export function linkText(text: string): string {
  const tree = parse(text, { sourceType: 'script', ecmaVersion: 'latest' });
  const late = new Map<string, string>();
  const edits: Edit[] = [];
  for (const statement of tree.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      const imported = init && importOf(init);
      if (id.type !== 'Identifier' || !imported) continue;
      const { start, end } = init;
      if (imported.isLate) {
        late.set(id.name, imported.text);
        edits.push({ start: id.end, end, text: '' });
      } else edits.push({ start, end, text: imported.text });
    }
  }
  visit(tree, (node) => {
    const { start, end } = node;
    if (node.type === 'ImportExpression') edits.push({ start, end, text: dynamicImport(node.source) });
    if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return;
    const loading = late.get(node.object.name);
    const { object } = node;
    if (loading !== undefined)
      edits.push({ start: object.start, end: object.end, text: `(${object.name}??=${loading})` });
  });
  return `(function(__use,__load,require){"use strict";const module={};${edited(text, edits)}
function __whole(module){return{__proto__:module,default:module}}return module.exports})\n`;
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
    return inner && (isDoor(inner.text) ? inner : { ...inner, text: `__whole(${inner.text})` });
  }
  if (init.callee.name !== 'require' || argument?.type !== 'Literal') return undefined;
  const name = String(argument.value);
  if (name.startsWith('door:')) return { text: `__use(${doorArguments(name)})`, isLate: true };
  return { text: `require(${JSON.stringify(name)})`, isLate: lateModules.test(name) };
}

function isDoor(text: string): boolean {
  return text.startsWith('__use(');
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

function visit(node: AnyNode, look: (node: AnyNode) => void): void {
  look(node);
  for (const value of Object.values(node) as unknown[])
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) visit(child, look);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
