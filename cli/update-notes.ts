import type { Config } from '../lib/core/config/config.ts';

/** The feeds and webhooks whose drafts change with their articles. */
export const updatingOwners = (config: Pick<Config, 'feeds' | 'webhooks'>): string[] => [
  ...new Set(
    [...config.feeds, ...config.webhooks.map(({ id, mapping }) => ({ id, onEdit: mapping.onEdit }))].flatMap(
      ({ id, onEdit }) => (onEdit === 'update' ? [id] : []),
    ),
  ),
];

/** What `on_edit: update` needs, which only a real draft proves. */
export const updateNotes = (config: Pick<Config, 'feeds' | 'webhooks'>): string[] => {
  const ids = updatingOwners(config);
  return ids.length === 0
    ? []
    : [
        `on_edit: update (${ids.join(', ')}) needs Dash Social to show a post by its ID, which is documented for sister platforms only. doctor checks it; where it is not shown, an edit is reported and the draft stays as it is.`,
      ];
};
