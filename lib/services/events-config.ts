import type { Config, EventsConfig } from '../core/config/config.ts';
import { misconfigured } from '../core/errors.ts';

/** `events:` of feeds.yml. Throws config `config.no-events` if there is none, because nothing can be sent. */
export const eventsOf = ({ events }: Config): EventsConfig => {
  if (events !== undefined) return events;
  throw misconfigured('config.no-events', 'feeds.yml has no events: add it, or remove this function.');
};
