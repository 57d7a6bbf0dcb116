import { defineConfig } from 'vitest/config';
import everyday from './vitest.config.ts';

/** What takes an hour or two, its random part with other examples in each run: `npm run test:deep`. */
export default defineConfig({ test: { ...everyday.test, include: ['test/**/*.deep.ts'], setupFiles: [] } });
