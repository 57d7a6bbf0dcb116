import { expect, test } from 'vitest';
import { awsError } from '../../../lib/adapters/aws/aws-error.ts';

const thrown = (name: string): unknown =>
  awsError('stage', 'stack', 'rss-drafts-prod', Object.assign(new Error('Could not load'), { name }));

test('without credentials nobody was refused: it says which are wanted', () => {
  expect(thrown('CredentialsProviderError')).toMatchObject({
    kind: 'config',
    code: 'stage.access-denied',
    message:
      'There are no AWS credentials here to reach the stack rss-drafts-prod with: set AWS_PROFILE, or sign in.',
  });
});

test('with some it says who refuses', () => {
  expect(thrown('AccessDeniedException')).toMatchObject({
    message: expect.stringMatching(/^AWS refuses the stack rss-drafts-prod \(AccessDeniedException\)/),
  });
});
