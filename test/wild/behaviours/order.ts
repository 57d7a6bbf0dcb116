import type { Behaviour } from '../behaviour.ts';

const orders = ['oldest', 'oldest-all', 'shuffle'] as const;

/** Feeds that are not sorted newest first. */
export const order: Behaviour[] = orders.flatMap((listed) => [
  { group: 'order', name: `order: ${listed}`, course: { site: { order: listed }, history: 8 } },
  {
    group: 'order',
    name: `order: ${listed}, undated`,
    course: { site: { order: listed, date: 'none' as const }, history: 8 },
  },
]);
