import type { Config } from '../lib/core/config/config.ts';
import { liveStage } from '../lib/core/config/stages.ts';

/** What serverless.yml has to know of feeds.yml, as the text of `dist/deploy.json`. */
export const deployJson = ({ console }: Config): string => {
  const url = console?.publicUrl ?? null;
  const consoleUrls = url === null ? {} : { [liveStage]: url };
  return `${JSON.stringify({ console: console ? 'on' : 'off', consoleUrls })}\n`;
};
