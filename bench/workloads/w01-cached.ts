import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from './numbers.ts';
import type { Workload } from './workload.ts';

export const cached: Workload = {
  id: 'W1',
  rows: ['W1'],
  title: 'fully cached: 10 instructions, 5 files, no export',
  goal: { seconds: 0.1, peer: 0.42 },
  bases: ['busybox'],
  start: 'cached',
  output: 'none',
  dockerfile: () => `FROM busybox
ENV MODE=production
WORKDIR /app
COPY file-0 file-1 ./
RUN cat file-0 file-1 > both
COPY file-2 file-3 ./
RUN cat file-2 file-3 > others
COPY file-4 ./
EXPOSE 8080
CMD ["cat", "/app/both"]
`,
  writeContext: (folder) => {
    for (const n of numbers(5)) writeFileSync(join(folder, `file-${n}`), `${n}\n`);
  },
};
