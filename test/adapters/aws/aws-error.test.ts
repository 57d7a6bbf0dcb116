import { expect, test } from 'vitest';
import { awsError } from '../../../lib/adapters/aws/aws-error.ts';

const thrown = (name: string): unknown =>
  awsError('stage', 'stack', 'rss-drafts-prod', Object.assign(new Error('Could not load'), { name }));

test('asks for credentials when there are none', () => {
  expect(thrown('CredentialsProviderError')).toMatchObject({
    kind: 'config',
    code: 'stage.access-denied',
    message: 'No AWS credentials found for the stack rss-drafts-prod. Set AWS_PROFILE, or sign in.',
  });
});

test('reports the denied resource when credentials are refused', () => {
  expect(thrown('AccessDeniedException')).toMatchObject({
    message: expect.stringMatching(
      /^AWS denies access to the stack rss-drafts-prod \(AccessDeniedException\)/,
    ),
  });
});
