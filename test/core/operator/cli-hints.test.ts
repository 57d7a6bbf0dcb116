import { describe, expect, it } from 'vitest';
import { type Started, toStart, toType, type Where } from '../../../lib/core/operator/cli-hints.ts';

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
  it.each<[string, Where, Started | null, string]>([
    [
      'in the usual folder',
      { data: '.local' },
      null,
      'npm start -- --config feeds.yml, or npm start alone for the demo',
    ],
    ['in a folder', { data: './data' }, null, 'npm start -- --config feeds.yml --data ./data'],
    ['with feeds of its own', { data: '.local', config: 'my.yml' }, null, 'npm start -- --config my.yml'],
    ['the demo again', { data: '.local' }, { config: null, target: 'sandbox' }, 'npm start'],
    [
      'the demo in a folder again',
      { data: './data' },
      { config: null, target: 'sandbox' },
      'npm start -- --data ./data',
    ],
    [
      'again what went to Dash Social, and must not go to a sandbox now',
      { data: './data' },
      { config: 'my.yml', target: 'dash' },
      'DASH_SOCIAL_TOKEN=… npm start -- --config my.yml --live --data ./data',
    ],
    [
      'again what went to an address, which is not kept',
      { data: '.local' },
      { config: 'my.yml', target: 'address' },
      'DASH_SOCIAL_TOKEN=… npm start -- --config my.yml --dash-url …',
    ],
  ])('leads back: %s', (_, where, last, words) => {
    expect(toStart(where, last)).toBe(words);
  });
});
