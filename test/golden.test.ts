import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Source } from '../src/diagnostic/source.ts';
import { parseStages } from '../src/dockerfile/instructions/parse-stages.ts';
import { decodeText } from '../src/dockerfile/lexer/decode.ts';
import { parseDockerfile } from '../src/dockerfile/parser/parse.ts';
import { instructionsForm } from '../src/engine/inspect/instructions-form.ts';
import { parseForm } from '../src/engine/inspect/parse-form.ts';

/*
 * Dockerfiles and what they mean, as BuildKit writes it down. KILN_GOLDEN=1 rewrites the results; a review reads the diff.
 */

const area = new URL('../testdata/parse/', import.meta.url);
const rewrites = process.env['KILN_GOLDEN'] === '1';

function read(bytes: Uint8Array): unknown {
  const ast = parseDockerfile(new Source('Dockerfile', decodeText(bytes)));
  const parse = parseForm(ast);
  return ast.problems.length > 0 ? { parse } : { parse, instructions: instructionsForm(parseStages(ast)) };
}

describe('the Dockerfile', () => {
  it.each(readdirSync(area).sort())('%s means what it always meant', (name) => {
    const folder = new URL(`${name}/`, area);
    const result = `${JSON.stringify(read(readFileSync(new URL('Dockerfile', folder))), undefined, 2)}\n`;
    const golden = new URL('result.json', folder);
    if (rewrites) writeFileSync(golden, result);
    expect(result).toBe(readFileSync(golden, 'utf8'));
  });
});
