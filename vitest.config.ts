import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    // Most files take longer to load than to run; nothing in them is left behind for the next.
    pool: 'threads',
    isolate: false,
  },
});
