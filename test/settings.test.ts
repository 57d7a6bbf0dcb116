import { expect, test } from 'vitest';
import { AppError } from '../lib/core/errors.ts';
import { readSettings } from '../lib/settings.ts';

const env = {
  FEEDS_TABLE: 'feeds',
  LEDGER_TABLE: 'ledger',
  FEEDS_QUEUE_URL: 'http://127.0.0.1:1/000000000000/feeds',
  DRAFTS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/drafts',
  FEEDS_DEAD_LETTERS_URL: 'http://127.0.0.1:1/000000000000/feeds-dead',
  DRAFTS_DEAD_LETTERS_URL: 'http://127.0.0.1:1/000000000000/drafts-dead',
  DELIVERIES_QUEUE_URL: 'http://127.0.0.1:1/000000000000/deliveries',
  DELIVERIES_DEAD_LETTERS_URL: 'http://127.0.0.1:1/000000000000/deliveries-dead',
  DASH_TOKEN_SECRET_ID: 'dash',
  INBOUND_SECRET_ID: 'inbound',
  CONSOLE_SECRET_ID: 'console',
};

const refusal = (given: Record<string, string | undefined>): AppError => {
  try {
    readSettings(given);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
};

test('all settings are read, with optional ones left out', () => {
  expect(readSettings(env)).toEqual({
    feedsTable: 'feeds',
    ledgerTable: 'ledger',
    feedsQueueUrl: 'http://127.0.0.1:1/000000000000/feeds',
    draftsQueueUrl: 'https://sqs.eu-central-1.amazonaws.com/000000000000/drafts',
    feedsDeadLettersUrl: 'http://127.0.0.1:1/000000000000/feeds-dead',
    draftsDeadLettersUrl: 'http://127.0.0.1:1/000000000000/drafts-dead',
    deliveriesQueueUrl: 'http://127.0.0.1:1/000000000000/deliveries',
    deliveriesDeadLettersUrl: 'http://127.0.0.1:1/000000000000/deliveries-dead',
    alertsTopicArn: undefined,
    cliData: undefined,
    cliStage: undefined,
    dashSecretId: 'dash',
    inboundSecretId: 'inbound',
    consoleSecretId: 'console',
    dashUrl: undefined,
    dashRatePerMinute: undefined,
    draftWorkers: undefined,
    feedsFile: 'feeds.json',
    stage: 'prod',
  });
});

test('optional settings are read', () => {
  const given = {
    ...env,
    DASH_URL: 'http://127.0.0.1:2',
    DASH_RATE_PER_MINUTE: '60',
    DRAFT_WORKERS: '1',
    FEEDS_FILE: '/a/feeds.json',
  };

  expect(readSettings(given)).toMatchObject({
    dashUrl: 'http://127.0.0.1:2',
    dashRatePerMinute: 60,
    draftWorkers: 1,
    feedsFile: '/a/feeds.json',
  });
});

test('a function reads only the settings it names', () => {
  expect(readSettings({ FEEDS_TABLE: 'feeds' }, ['feedsTable'])).toEqual({ feedsTable: 'feeds' });
});

test('all missing and invalid variables are reported at once', () => {
  const error = refusal({ ...env, FEEDS_TABLE: '', LEDGER_TABLE: undefined, DASH_URL: 'ftp://e.com' });

  expect(error).toMatchObject({ kind: 'config', code: 'config.environment' });
  expect(error.message).toBe(
    'Invalid environment variables: FEEDS_TABLE is empty, LEDGER_TABLE is missing, DASH_URL is not an http or https address. Set them on the function.',
  );
});

test.each(['0', '-1', '1.5', 'many', '', ' 60'])(
  'a rate of %j posts a minute is refused, without repeating it',
  (rate) => {
    expect(refusal({ ...env, DASH_RATE_PER_MINUTE: rate }).message).toBe(
      'Invalid environment variables: DASH_RATE_PER_MINUTE is not a whole number above 0. Set them on the function.',
    );
  },
);
