import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { numbers } from './numbers.ts';
import type { Workload } from './workload.ts';

/** What a front end or a service has to develop with. */
const devDependencies = {
  '@types/jest': '29',
  '@types/node': '22',
  eslint: '9',
  jest: '29',
  prettier: '3',
  typescript: '5.9',
  'typescript-eslint': '8',
  webpack: '5',
  'webpack-cli': '6',
};

export const nodeApp: Workload = {
  id: 'W9',
  rows: ['W9'],
  title: 'Node app of about 420 packages: one line changed, tsc in RUN, OCI out',
  goal: { seconds: 3.5, peer: 9.36 },
  bases: ['node'],
  start: 'cached',
  output: 'oci-gzip',
  dockerfile: () => `FROM docker.io/library/bench-node:latest
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node_modules/.bin/tsc
`,
  writeContext: async (folder, signal) => {
    const about = { name: 'bench-app', version: '1.0.0', private: true, type: 'module', devDependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about, null, 2));
    const args = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
    await runCommand({ program: 'npm', args, cwd: folder }, { signal });
    const options = {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      outDir: 'dist',
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }));
    mkdirSync(join(folder, 'src'));
    for (const n of numbers(60)) writeFileSync(join(folder, 'src', `shape${n}.ts`), shape(n));
    writeFileSync(join(folder, 'src', 'main.ts'), main);
  },
  change: (folder, round) => {
    const path = join(folder, 'src', 'main.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/revision = \d+/, `revision = ${round}`));
  },
};

const main = [
  ...numbers(60).map((n) => `import { area${n} } from './shape${n}.js';`),
  'export const revision = 0;',
  `console.log(revision, ${numbers(60)
    .map((n) => `area${n}({ kind: 'circle', radius: ${n} })`)
    .join(' + ')});`,
  '',
].join('\n');

function shape(n: number): string {
  return `import { readFile } from 'node:fs/promises';

export type Shape${n} =
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'rectangle'; readonly width: number; readonly height: number };

export function area${n}(shape: Shape${n}): number {
  switch (shape.kind) {
    case 'circle':
      return Math.PI * shape.radius ** 2;
    case 'rectangle':
      return shape.width * shape.height;
  }
}

export async function read${n}(path: string): Promise<ReadonlyMap<string, Shape${n}>> {
  const found = JSON.parse(await readFile(path, 'utf8')) as Record<string, Shape${n}>;
  return new Map(Object.entries(found).filter(([, shape]) => area${n}(shape) > ${n}));
}
`;
}
