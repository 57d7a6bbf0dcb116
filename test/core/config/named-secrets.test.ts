import { expect, it } from 'vitest';
import { namedSecrets } from '../../../lib/core/config/named-secrets.ts';
import { feedOf } from '../../support/entries.ts';
import { webhookOf } from '../../support/hook-world.ts';

it('finds every inbound secret key that the settings name, each once', () => {
  const feeds = [
    feedOf(),
    feedOf({ id: 'intranet', login: { headers: { 'x-key': 'key', 'x-team': 'key' }, basic: null } }),
    feedOf({ id: 'partner', login: { headers: {}, basic: 'partner' } }),
  ];
  const webhooks = [
    webhookOf({ secretNames: ['ghost', 'ghost-next'] }),
    webhookOf({ id: 'x', secretNames: ['key'] }),
  ];
  const channels = [{ kind: 'email' as const }, { kind: 'slack' as const, secret: 'slack' }];

  expect(
    namedSecrets({ feeds, webhooks, alerts: { review: null, drafts: false, allowPrivate: false, channels } }),
  ).toEqual([
    { name: 'key', usedBy: ['feed intranet', 'webhook x'] },
    { name: 'partner', usedBy: ['feed partner'] },
    { name: 'ghost', usedBy: ['webhook blog'] },
    { name: 'ghost-next', usedBy: ['webhook blog'] },
    { name: 'slack', usedBy: ['alerts to slack'] },
  ]);
});
