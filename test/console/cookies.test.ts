import { describe, expect, it } from 'vitest';
import type { ConsoleRequest } from '../../console/request.ts';
import { cookiesAt } from '../../console/sign-in/cookies.ts';
import { signedNotices } from '../../console/signed-notices.ts';

const sent = (cookie: string) => ({ headers: { cookie } }) as unknown as ConsoleRequest;
const https = cookiesAt('https://drafts.example.com');
const http = cookiesAt('http://127.0.0.1:4747');

describe('cookies', () => {
  it('belong to this host alone over https', () => {
    expect(https.set('session', 'x', 28_800_000)).toBe(
      '__Host-rss-drafts-session=x; Max-Age=28800; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    expect(https.drop('session')).toContain('Max-Age=0');
  });

  it('have no such name over http to this machine, where browsers would refuse it', () => {
    expect(http.set('session', 'x', 1_000)).toBe(
      'rss-drafts-session=x; Max-Age=1; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('are read by their whole name, each value', () => {
    const request = sent(
      'rss-drafts-session=evil; __Host-rss-drafts-session=a; x=1; __Host-rss-drafts-session=b;y',
    );

    expect(https.read(request, 'session')).toEqual(['a', 'b']);
    expect(https.names(request, 'se')).toEqual(['session', 'session']);
    expect(https.read(sent(''), 'session')).toEqual([]);
  });
});

describe('notices in an address', () => {
  let now = 1_000_000;
  const ours = signedNotices(() => now, 'a key');
  const notice = { words: 'Ümläut & <b>', bad: true };

  it('are shown by every process with the key, for a minute', () => {
    const name = ours.keep(notice);

    expect(signedNotices(() => now, 'a key').take(name)).toEqual(notice);
    now += 60_001;
    expect(ours.take(name)).toBe(null);
  });

  it('keep the entry that can be changed back', () => {
    expect(ours.take(ours.keep({ ...notice, undo: 'entry-a' }))).toEqual({ ...notice, undo: 'entry-a' });
  });

  it('cannot be made without it', () => {
    const name = ours.keep(notice);
    const forged = `${Buffer.from('{"words":"x","bad":false,"until":9e15}').toString('base64url')}.${name.split('.')[1]}`;

    for (const text of [null, '', '.', 'x', forged, signedNotices(() => now, 'another').keep(notice)])
      expect(ours.take(text)).toBe(null);
  });
});
