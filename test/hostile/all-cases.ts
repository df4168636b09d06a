import type { HostileCase } from './hostile-case.ts';
import { bombCases } from './bomb-cases.ts';
import { formatCases } from './format-cases.ts';
import { gitCases } from './git-cases.ts';
import { httpCases } from './http-cases.ts';
import { linkCases } from './link-cases.ts';
import { loadCases } from './load-cases.ts';
import { pathCases } from './path-cases.ts';
import { registryCases } from './registry-cases.ts';
import { tarCases } from './tar-case.ts';
import { textCases } from './text-cases.ts';
import { typeCases } from './type-cases.ts';

/** Everything that is tried. */
export const allCases: readonly HostileCase[] = [
  ...tarCases([...pathCases, ...linkCases, ...typeCases, ...formatCases, ...bombCases]),
  ...httpCases,
  ...registryCases,
  ...loadCases,
  ...gitCases,
  ...textCases,
];
