import { defineConfig } from 'vitest/config';

/** What wants a real browser, Debian's chromium or another named by CHROMIUM: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false, // one browser at a time
    env: { TZ: 'Europe/Berlin' },
  },
});
