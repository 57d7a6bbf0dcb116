/** The part of a browser that a sign-in needs: cookies by host, and redirects one by one. */
export type WebClient = {
  cookies: Map<string, string>;
  ask: (url: string, init?: RequestInit) => Promise<Answer>;
  /** Follows redirects from page to page, at most ten. */
  follow: (url: string, init?: RequestInit) => Promise<Answer>;
};

export type Answer = { url: string; status: number; headers: Headers; body: string; setCookies: string[] };

type Send = (url: string, init: RequestInit) => Promise<Response>;

const keyOf = (url: string, name: string): string => `${new URL(url).host} ${name}`;

export const webClient = (send: Send = fetch): WebClient => {
  const cookies = new Map<string, string>();
  const keep = (url: string, line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0(;|$)/i.test(line) || /expires=thu, 01 jan 1970/i.test(line))
      cookies.delete(keyOf(url, name));
    else cookies.set(keyOf(url, name), value);
  };
  const sent = (url: string): string =>
    [...cookies]
      .filter(([key]) => key.startsWith(`${new URL(url).host} `))
      .map(([key, value]) => `${key.split(' ')[1]}=${value}`)
      .join('; ');

  const ask = async (url: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { ...(sent(url) && { cookie: sent(url) }), ...(init.headers as Record<string, string>) };
    const response = await send(url, { ...init, headers, redirect: 'manual' });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) keep(url, line);
    return {
      url,
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      setCookies,
    };
  };
  const follow = async (url: string, init?: RequestInit): Promise<Answer> => {
    let answer = await ask(url, init);
    for (let turns = 0; turns < 10; turns++) {
      const location = answer.headers.get('location');
      if (location === null) break;
      answer = await ask(new URL(location, answer.url).href);
    }
    return answer;
  };
  return { cookies, ask, follow };
};
