import { type ConsoleRequest, cookiesOf } from '../request.ts';

/**
 * The console's cookies. A name that begins with `__Host-` is set by this host alone, over https and for every path,
 * so that no other subdomain can plant one (RFC 6265bis, section 4.1.3.2). Plain http, which the configuration admits
 * for this machine only, cannot use it.
 */
export type Cookies = {
  /** The values under a name. */
  read: (request: ConsoleRequest, name: string) => string[];
  /** The names that begin so, as `read` takes them. */
  names: (request: ConsoleRequest, prefix: string) => string[];
  set: (name: string, value: string, lifetimeMs: number) => string;
  drop: (name: string) => string;
};

export const cookiesAt = (origin: string): Cookies => {
  const isSecure = origin.startsWith('https:');
  const prefix = isSecure ? '__Host-rss-drafts-' : 'rss-drafts-';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const ours = (request: ConsoleRequest) =>
    cookiesOf(request).flatMap(([name, value]): [string, string][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    );
  const write = (name: string, value: string, seconds: number) =>
    `${prefix}${name}=${value}; Max-Age=${seconds}; ${attributes}`;
  return {
    read: (request, wanted) => ours(request).flatMap(([name, value]) => (name === wanted ? [value] : [])),
    names: (request, start) => ours(request).flatMap(([name]) => (name.startsWith(start) ? [name] : [])),
    set: (name, value, lifetimeMs) => write(name, value, Math.floor(lifetimeMs / 1000)),
    drop: (name) => write(name, '', 0),
  };
};
