import type { Config } from '../lib/core/config/config.ts';
import { liveStage } from '../lib/core/config/stages.ts';
import { hasHooks, hookFunctions } from '../lib/core/enrich/has-hooks.ts';

/** The ARN of an event bus, which feeds.yml may name within the stack's account and region. */
const busArn = (bus: string): string =>
  bus.startsWith('arn:')
    ? bus
    : `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${bus}`;

/** What serverless.yml has to know of feeds.yml, as the text of `dist/deploy.json`. */
export const deployJson = (config: Config): string => {
  const { console, events } = config;
  const url = console?.publicUrl ?? null;
  const consoleUrls = url === null ? {} : { [liveStage]: url };
  const eventBus = events?.eventBus ?? null;
  const settings = {
    console: console ? 'on' : 'off',
    consoleUrls,
    events: events ? 'on' : 'off',
    eventBus: eventBus === null ? '' : busArn(eventBus),
    enrich: hasHooks(config) ? 'on' : 'off',
    enrichFunctions: hookFunctions(config).join(','),
  };
  return `${JSON.stringify(settings)}\n`;
};
