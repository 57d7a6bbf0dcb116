import { describe, expect, it } from 'vitest';
import { toStart, toType, type Where } from '../../lib/core/what-to-type.ts';

describe('what to type', () => {
  it.each<[string, Where, string]>([
    ['in the usual folder', { data: '.local' }, ''],
    ['where no folder is known', {}, ''],
    ['in a folder', { data: './data' }, ' --data ./data'],
    ['on a stage', { stage: 'prod', data: '.local' }, ' --stage prod'],
    ['on a stage far away', { stage: 'prod', region: 'us-east-1' }, ' --stage prod --region us-east-1'],
    [
      'with feeds of its own',
      { config: 'my.yml', data: 'd', region: 'us-east-1' },
      ' --config my.yml --data d',
    ],
    [
      'in a folder that a shell would misread',
      { data: "/tmp/Ada's data;ls" },
      " --data '/tmp/Ada'\\''s data;ls'",
    ],
  ])('leads back: %s', (_, where, options) => {
    expect(toType('explain guid-Qm9', where)).toBe(`npm run -s cli -- explain guid-Qm9${options}`);
  });
});

describe('what to start', () => {
  it.each<[string, Where, boolean, string]>([
    [
      'in the usual folder',
      { data: '.local' },
      false,
      'npm start -- --config feeds.yml, or npm start alone for the demo',
    ],
    ['in a folder', { data: './data' }, false, 'npm start -- --config feeds.yml --data ./data'],
    ['with feeds of its own', { data: '.local', config: 'my.yml' }, false, 'npm start -- --config my.yml'],
    [
      'where drafts went to Dash Social, which must not go to a sandbox now',
      { data: './data' },
      true,
      'DASH_SOCIAL_TOKEN=… npm start -- --config feeds.yml --live --data ./data',
    ],
  ])('leads back: %s', (_, where, isLive, words) => {
    expect(toStart(where, isLive)).toBe(words);
  });
});
