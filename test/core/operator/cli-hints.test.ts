import { describe, expect, it } from 'vitest';
import { type Started, toStart, toType, type Where } from '../../../lib/core/operator/cli-hints.ts';

describe('the command to run', () => {
  it.each<[string, Where, string]>([
    ['in the usual folder', { data: '.local' }, ''],
    ['without a known folder', {}, ''],
    ['in a folder', { data: './data' }, ' --data ./data'],
    ['on a stage', { stage: 'prod', data: '.local' }, ' --stage prod'],
    [
      'on a stage in another region',
      { stage: 'prod', region: 'us-east-1' },
      ' --stage prod --region us-east-1',
    ],
    [
      'with its own feeds.yml',
      { config: 'my.yml', data: 'd', region: 'us-east-1' },
      ' --config my.yml --data d',
    ],
    [
      'in a folder that needs shell quoting',
      { data: "/tmp/Ada's data;ls" },
      " --data '/tmp/Ada'\\''s data;ls'",
    ],
  ])('targets the same place: %s', (_, where, options) => {
    expect(toType('explain guid-Qm9', where)).toBe(`npm run -s cli -- explain guid-Qm9${options}`);
  });
});

describe('the command to start', () => {
  it.each<[string, Where, Started | null, string]>([
    [
      'in the usual folder',
      { data: '.local' },
      null,
      'npm start -- --config feeds.yml, or npm start alone for the demo',
    ],
    ['in a folder', { data: './data' }, null, 'npm start -- --config feeds.yml --data ./data'],
    ['with its own feeds.yml', { data: '.local', config: 'my.yml' }, null, 'npm start -- --config my.yml'],
    ['the demo again', { data: '.local' }, { config: null, target: 'sandbox', port: null }, 'npm start'],
    [
      'the demo in a folder again',
      { data: './data' },
      { config: null, target: 'sandbox', port: null },
      'npm start -- --data ./data',
    ],
    [
      'a live run again, which must not use a sandbox',
      { data: './data' },
      { config: 'my.yml', target: 'dash', port: null },
      'DASH_SOCIAL_TOKEN=… npm start -- --config my.yml --live --data ./data',
    ],
    [
      'a run on its own port again',
      { data: './data' },
      { config: 'my.yml', target: 'sandbox', port: 4800 },
      'npm start -- --config my.yml --data ./data --port 4800',
    ],
    [
      'a run against an address again, which is not stored',
      { data: '.local' },
      { config: 'my.yml', target: 'address', port: null },
      'DASH_SOCIAL_TOKEN=… npm start -- --config my.yml --dash-url …',
    ],
  ])('targets the same place: %s', (_, where, last, words) => {
    expect(toStart(where, last)).toBe(words);
  });
});
