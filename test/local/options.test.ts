import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../local/options.ts';

const token = { DASH_SOCIAL_TOKEN: 'secret-1' };

describe('the command line of npm start', () => {
  test('without options runs the demo continuously against the sandbox', () => {
    expect(parseOptions([], {})).toEqual({
      once: false,
      json: false,
      config: null,
      target: { kind: 'sandbox' },
      data: '.local',
      port: null,
    });
  });

  test.each([
    ['--json means --once', ['--json'], {}, { once: true, json: true }],
    [
      '--config names the feeds',
      ['--config', 'my.yml'],
      {},
      { config: 'my.yml', target: { kind: 'sandbox' } },
    ],
    ['--no-demo takes ./feeds.yml', ['--no-demo'], {}, { config: 'feeds.yml' }],
    ['--no-demo leaves --config alone', ['--no-demo', '--config', 'my.yml'], {}, { config: 'my.yml' }],
    ['--port 0 is a port', ['--port', '0'], {}, { port: 0 }],
    [
      '--live uses the real API',
      ['--live', '--config', 'my.yml'],
      token,
      { target: { kind: 'dash', url: null, token: 'secret-1' } },
    ],
    [
      '--dash-url uses another address, for the demo too',
      ['--dash-url', 'http://127.0.0.1:9'],
      token,
      { config: null, target: { kind: 'dash', url: 'http://127.0.0.1:9', token: 'secret-1' } },
    ],
    ['a token alone posts nothing', [], token, { target: { kind: 'sandbox' } }],
  ])('%s', (_, args, env, expected) => {
    expect(parseOptions(args, env)).toMatchObject(expected);
  });

  test.each([
    ['an unknown option', ['--bogus'], {}, /unknown option '--bogus'/],
    ['an argument without an option', ['feeds.yml'], {}, /too many arguments/],
    ['an option without its value', ['--config'], {}, /--config <file>' argument missing/],
    ['an invalid port', ['--port', '70000'], {}, /--port.*65535/],
    ['an invalid address', ['--dash-url', 'dash.example'], {}, /--dash-url.*http or https URL/],
    ['--live without a token', ['--live', '--config', 'x.yml'], {}, /--live needs .*DASH_SOCIAL_TOKEN/],
    [
      '--dash-url with an empty token',
      ['--dash-url', 'http://x'],
      { DASH_SOCIAL_TOKEN: ' ' },
      /DASH_SOCIAL_TOKEN/,
    ],
    ['--live for the demo', ['--live'], token, /--config feeds\.yml/],
  ])('refuses %s', (_, args, env: Record<string, string>, message) => {
    const parse = () => parseOptions(args, env);

    expect(parse).toThrow(
      expect.objectContaining({ kind: 'config', message: expect.stringMatching(message) }),
    );
    expect(parse).not.toThrow(/secret-1/);
  });
});

test.each([
  [{ npm_config_config: 'feeds.yml' }, '--config'],
  [{ npm_config_live: 'true', npm_config_dash_url: 'http://127.0.0.1:1' }, '--live --dash-url'],
])('explains where to put -- when npm consumed %j', (env, options) => {
  expect(() => parseOptions([], env)).toThrow(
    `npm took ${options} for itself. Put -- before the options: npm start -- ${options} …`,
  );
});
