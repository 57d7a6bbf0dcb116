import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import { type AlertsConfig, channelKinds, type ReviewAlerts } from '../config.ts';
import { SecretName } from '../secret-name.ts';
import { mustBe } from '../wrong-value.ts';
import { closedMap, flag, type RawCheck, setting } from './config-schema.ts';

const secretOf = (what: string) => `Name of the secret with the address of ${what}.`;

const reviewMessage = mustBe('none, immediate, or daily with a time of day', 'write for example daily 09:00');
const dailyForm = /^daily ([01]\d|2[0-3]):([0-5]\d)$/;

const reviewOf = (written: string): ReviewAlerts | undefined => {
  if (written === 'none') return null;
  if (written === 'immediate') return written;
  const [, hours, minutes] = dailyForm.exec(written) ?? [];
  return hours === undefined ? undefined : { dailyAt: Number(hours) * 60 + Number(minutes) };
};

const ReviewTime = v.pipe(
  v.string(reviewMessage),
  v.check((written) => reviewOf(written) !== undefined, reviewMessage),
);

const sendsSomewhere: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.email === true) return;
  if (channelKinds.some((kind) => value[kind] !== undefined)) return;
  addIssue({ message: 'have no channel: add email: true, slack, teams or webhook' });
};

/** `alerts:` of feeds.yml. */
export const AlertsSection = v.pipe(
  closedMap({
    drafts: setting(flag, 'true: also a message for each new draft, with its link. Default: false.'),
    review: setting(
      ReviewTime,
      'When messages about entries to review are sent: immediate, daily with a time such as daily 09:00, or none. Default: daily 09:00.',
    ),
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
  review: reviewOf(written.review ?? 'daily 09:00') ?? null,
  drafts: written.drafts ?? false,
  allowPrivate: written.allow_private ?? false,
  channels: [
    ...(written.email ? [{ kind: 'email' } as const] : []),
    ...channelKinds.flatMap((kind) => (written[kind] === undefined ? [] : [{ kind, secret: written[kind] }])),
  ],
});
