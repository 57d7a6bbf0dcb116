import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import { type AlertsConfig, channelKinds } from '../config.ts';
import { SecretName } from '../secret-name.ts';
import { closedMap, flag, type RawCheck, setting } from './config-schema.ts';

const secretOf = (what: string) => `Name of the secret with the address of ${what}.`;

const sendsSomewhere: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.email === true) return;
  if (channelKinds.some((kind) => value[kind] !== undefined)) return;
  addIssue({ message: 'have no channel: add email: true, slack, teams or webhook' });
};

/** `alerts:` of feeds.yml. */
export const AlertsSection = v.pipe(
  closedMap({
    drafts: setting(flag, 'true: also a message for each new draft, with its link. Default: false.'),
    email: setting(flag, "true: alerts by email, to the subscribers of the stack's topic. Default: false."),
    slack: setting(SecretName, secretOf("a Slack channel's incoming webhook")),
    teams: setting(SecretName, secretOf("a Microsoft Teams channel's workflow")),
    allow_private: setting(flag, 'true: these addresses may be private. Default: false.'),
    webhook: setting(SecretName, secretOf('an endpoint that takes JSON by POST')),
  }),
  v.rawCheck(sendsSomewhere),
);

/** The complete settings from `alerts:`. */
export const resolveAlerts = (written: v.InferOutput<typeof AlertsSection>): AlertsConfig => ({
  drafts: written.drafts ?? false,
  allowPrivate: written.allow_private ?? false,
  channels: [
    ...(written.email ? [{ kind: 'email' } as const] : []),
    ...channelKinds.flatMap((kind) => (written[kind] === undefined ? [] : [{ kind, secret: written[kind] }])),
  ],
});
