import type { Payload } from '../../support/hook-world.ts';

/** A story as a content system sends it when it is published. */
export const published = (given: Payload = {}): Payload => ({
  id: 'cms-2',
  title: 'Story 2',
  link: 'https://www.example.com/2',
  summary: 'About 2',
  ...given,
});
