import { expect, test } from 'vitest';
import { rejectionText } from '../../../lib/core/dash/rejection-text.ts';

test.each([
  ['no errors', {}, 'The post has errors'],
  [
    'a list',
    { media_ids: ['Only one video is allowed.'] },
    'The post has errors. Media: Only one video is allowed.',
  ],
  [
    'several fields',
    { text: ['is too long', 'has a tab'], is_ai_generated: 'must be set' },
    'The post has errors. Caption: is too long. has a tab. Is ai generated: must be set.',
  ],
  ['another shape', { text: { max: 5 } }, 'The post has errors. Caption: {"max":5}.'],
  ['nothing readable', null, 'The post has errors'],
])('Dash Social’s errors in words: %s', (_, errors, text) => {
  expect(rejectionText('The post has errors', errors)).toBe(text);
});
