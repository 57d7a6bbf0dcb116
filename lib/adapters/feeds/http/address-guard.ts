import dns from 'node:dns';
import type http from 'node:http';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { type AppError, misconfigured } from '../../../core/errors.ts';

/** The addresses of these networks, such as `10.0.0.0/8` or `fc00::/7`. */
export const blockList = (...subnets: string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** Refused for every feed: addresses of cloud credentials, and IPv6 addresses that contain an IPv4 one. */
const NEVER = blockList(
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local: instance metadata of AWS, Azure, Google; credentials of ECS and EKS
  '100.100.100.200/32', // Alibaba's metadata
  '168.63.129.16/32', // Azure's wire server
  '192.0.0.192/32', // Oracle's metadata
  'fe80::/10',
  'fd00:ec2::/32', // AWS's metadata over IPv6
  'fd20:ce::/64', // Google's
  '::/96', // IPv4-compatible
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48',
  '2001::/32', // Teredo
  '2002::/16', // 6to4
);

/** All of IPv6 except global unicast (2000::/3); the agent's library treats some of it as public. */
const NOT_GLOBAL = blockList('::/3', '4000::/2', '8000::/1');

const isForbidden = (address: string, allowPrivate: boolean): boolean => {
  if (address === '::1') return !allowPrivate; // in the IPv4-compatible block, but a regular loopback address
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const isLocal6 = family === 'ipv6' && NOT_GLOBAL.check(address, family);
  return NEVER.check(address, family) || (isLocal6 && !allowPrivate);
};

/** The error for a refused address, with a remedy if there is one. */
export const refusedAddress = (host: string, allowPrivate: boolean, cause?: unknown): AppError =>
  misconfigured(
    'feed.refused',
    allowPrivate
      ? `${host} has an address that feeds may never have, such as a cloud's metadata service`
      : `${host} has a private, local or reserved address. If the feed is in your network, set allow_private: true on it`,
    {
      cause,
      details: allowPrivate ? {} : { privateHost: bare(URL.parse(`http://${host}`)?.hostname ?? host) },
    },
  );

const guardedLookup =
  (lookup: LookupFunction, allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      const bad = error ? undefined : addresses.find((address) => isForbidden(address, allowPrivate));
      if (bad === undefined) callback(error, found, family);
      else callback(refusedAddress(hostname, allowPrivate), found, family);
    });

/** `[::1]` as URLs write it, `::1` as sockets do. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Checks on the way from a feed's address to a socket. */
export type Guard = {
  /** Throws config `feed.refused` if this URL may not be visited, whatever its name resolves to. */
  check: (url: URL) => void;
  /** The agent that checks every address at the moment it connects to it. */
  agentFor: (url: URL) => http.Agent;
  /** To be passed to the request with the agent. */
  lookup: LookupFunction;
};

const allowsPort = (url: URL, extra: readonly number[]): boolean => {
  const port = Number(url.port);
  return url.port === '' || port === 80 || port === 443 || port >= 1024 || extra.includes(port);
};

const checkUrl = (url: URL, allowPrivate: boolean, ports: readonly number[]): void => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw misconfigured(
      'feed.refused',
      `The address of a feed must begin with http:// or https://, not ${url.protocol}`,
    );
  if (!allowsPort(url, ports))
    throw misconfigured(
      'feed.refused',
      `Port ${url.port} of ${url.hostname} is not allowed for feeds. Allowed: 80, 443, and 1024 or above`,
    );
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && isForbidden(host, allowPrivate)) throw refusedAddress(host, allowPrivate);
};

/**
 * A guard against server-side request forgery. Names are resolved and checked by the connection that uses the result,
 * so a name that changes its address between lookups (DNS rebinding) has no effect.
 */
export const addressGuard = (options: {
  allowPrivate: boolean;
  ports?: readonly number[];
  lookup?: LookupFunction;
}): Guard => {
  const { allowPrivate, ports = [], lookup = dns.lookup as LookupFunction } = options;
  const filter = { allowPrivateIPAddress: allowPrivate, keepAlive: false };
  const agents = {
    'http:': new RequestFilteringHttpAgent(filter),
    'https:': new RequestFilteringHttpsAgent(filter),
  };
  return {
    check: (url) => checkUrl(url, allowPrivate, ports),
    agentFor: (url) => agents[url.protocol as keyof typeof agents],
    lookup: guardedLookup(lookup, allowPrivate),
  };
};

/** Whether an error is the agent's rejection of a private address; it has no code of its own. */
export const isAgentsRefusal = (error: unknown): boolean =>
  error instanceof Error && /^DNS lookup .* is not allowed\. Because/.test(error.message);
