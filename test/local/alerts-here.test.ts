import { expect, it } from 'vitest';
import type { AlertsConfig } from '../../lib/core/config/config.ts';
import { alertsHere } from '../../local/alerts-here.ts';

const to = (...channels: AlertsConfig['channels']) =>
  alertsHere(
    { alerts: { review: null, drafts: false, allowPrivate: false, channels } },
    '.local/secrets.json',
  );

it.each([
  [
    'to a channel',
    to({ kind: 'slack', secret: 'team' }),
    'shown here; sent to team (addresses in .local/secrets.json)',
  ],
  ['by mail', to({ kind: 'email' }), 'shown here; email works only once deployed'],
])('alerts that go %s are described at the start', (_, words, expected) => {
  expect(words).toBe(expected);
});

it('a configuration without alerts shows nothing', () => {
  expect(alertsHere({}, '.local/secrets.json')).toBeNull();
});
