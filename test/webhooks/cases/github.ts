import { sign as signForGithub } from '@octokit/webhooks-methods';
import { bareEntry } from '../delivery.ts';
import { oldDate, plainSecrets, type SourceCases } from '../source-cases.ts';

export const cases: SourceCases = {
  signers: [
    {
      way: 'body',
      options: {},
      secrets: plainSecrets,
      timed: false,
      sign: async (body, secret) => ({
        headers: { 'x-hub-signature-256': await signForGithub(secret, body) },
      }),
      headers: ['x-hub-signature-256'],
      malformed: [{ 'x-hub-signature-256': `sha1=${'0'.repeat(40)}` }, { 'x-hub-signature-256': 'sha256=' }],
    },
  ],
  published: {
    kind: 'published',
    firstPublished: true,
    entry: {
      ...bareEntry,
      id: 'RE_kwDOAAAA1001',
      link: 'https://github.com/example/tool/releases/tag/v2.0.0',
      title: 'Two <fast> & small',
      content: '## New\n\n- Half the size',
      author: 'maintainer-one',
      published: '2026-11-20T08:30:00.000Z',
    },
  },
  ignored: [
    ['the first ping', { headers: { 'x-github-event': 'ping' } }, 'ping'],
    ['a push', { payload: { ref: 'refs/heads/main' } }, 'other-event'],
    ['an edit', { set: { action: 'edited' } }, 'update'],
    ['a draft', { set: { 'release.draft': true } }, 'draft'],
    ['a pre-release', { set: { 'release.prerelease': true } }, 'prerelease'],
    ['an unpublished release', { set: { action: 'unpublished' } }, 'unpublished'],
    ['a deletion', { set: { action: 'deleted' } }, 'deleted'],
    ['a new draft', { set: { action: 'created' } }, 'other-event'],
  ],
  firstPublished: [['a pre-release is promoted', { set: { action: 'released' } }, true]],
  oldEntries: [
    {
      outcome: 'held',
      options: {},
      setDate: ({ release }) => Object.assign(release, { published_at: oldDate }),
    },
  ],
};
