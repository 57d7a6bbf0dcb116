import type { FieldName, SourceOptions } from '../core/webhooks/source-settings.ts';
import { holds, valueAt } from '../core/webhooks/webhook-expressions.ts';
import { ignored, publishedFromFields } from './mapping.ts';
import { plain } from './payload.ts';
import type { Source } from './source.ts';

/** Any sender of JSON: feeds.yml describes its signature, which payloads are publications, and where the fields are. */
export const generic: Source<'generic'> = {
  name: 'generic',
  title: 'JSON from any other sender',
  trigger: '`when` is true',
  takes: ['verify', 'when', 'map', 'link', 'base'],
  needs: ['verify', 'map'],
  lacks: ['id', 'link', 'media_ids'],
  signature: null,
  split: (payload) => [payload].flat(),
  map: ({ payload }, options) => {
    const { when, map } = options;
    if (when !== null && !holds(when, payload)) return ignored('not-wanted');
    const read = (name: FieldName) => (map[name] === undefined ? undefined : valueAt(map[name], payload));
    const described = {
      id: plain(read('id')),
      values: Object(payload),
      read,
      first: read('first_published'),
    };
    return publishedFromFields(described, options);
  },
};

/** Maps as `generic` does, with defaults for `when` and for each field of `map`. */
export const mapWith =
  (defaults: Pick<SourceOptions, 'when' | 'map'>): Source['map'] =>
  (delivery, options) =>
    generic.map(delivery, {
      ...options,
      when: options.when ?? defaults.when,
      map: { ...defaults.map, ...options.map },
    });
