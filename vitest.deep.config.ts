import { defineConfig } from 'vitest/config';
import everyday from './vitest.config.ts';

/** What takes many minutes: `npm run test:deep`. */
export default defineConfig({ test: { ...everyday.test, include: ['test/**/*.deep.ts'] } });
