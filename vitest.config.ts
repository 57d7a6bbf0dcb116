import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/same-luck.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    env: { TZ: 'America/St_Johns' }, // an odd zone: nothing may depend on the machine's
  },
});
