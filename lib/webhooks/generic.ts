import { misconfigured } from '../core/errors.ts';
import type { FieldName, Source, SourceOptions } from '../core/webhooks/webhook.ts';
import { holds, valueAt } from '../core/webhooks/webhook-expressions.ts';
import { plain } from './payload.ts';
import { verifyByRule } from './signature.ts';
import { ignored, publishedFromFields } from './story.ts';

/** Any sender at all: how it proves itself, which payloads are publications, and where their fields are, is told. */
export const generic: Source = {
  verify: (request, secrets, options, now) => {
    if (options.verify === null) {
      throw misconfigured('signature.no-rule', 'This webhook has no "verify", so nothing can be proven.');
    }
    verifyByRule(options.verify, request, secrets, now);
  },
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
  stories: (payload) => [payload].flat(),
};

/** A preset over `generic`: what a person has not told is as the sender's own description of its payloads has it. */
export const preset = (
  defaults: Pick<SourceOptions, 'verify' | 'when' | 'map'>,
  stories: Source['stories'] = generic.stories,
): Source => {
  const complete = (options: SourceOptions): SourceOptions => ({
    ...options,
    verify: options.verify ?? defaults.verify,
    when: options.when ?? defaults.when,
    map: { ...defaults.map, ...options.map },
  });
  return {
    verify: (request, secrets, options, now) => generic.verify(request, secrets, complete(options), now),
    map: (delivery, options) => generic.map(delivery, complete(options)),
    ...(stories && { stories }),
  };
};
