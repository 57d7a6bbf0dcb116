/**
 * How long an AWS client waits. A call takes milliseconds: one that hangs is given up and tried again long before
 * a function's time is over, at worst 3 × (1 + 5) s and the pauses between. Connections are kept, as by default.
 * Region, credentials and, on a laptop, endpoints come from the environment that the SDK reads by itself.
 */
export const clientTimeouts = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
export type ClientTimeouts = typeof clientTimeouts;

/** Where a sender waits for the answer, of which there are 7.5 s: at worst 2 × (0.5 + 1.5) s and a pause a call. */
export const shortTimeouts: ClientTimeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

/** Beside an answer that is ready: at worst 2 × (0.2 + 0.3) s and a pause a call. */
export const littlePatience: ClientTimeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 200, requestTimeout: 300, throwOnRequestTimeout: true },
};

/** One client for each patience, made on first use. */
export const clientsBy = <Client>(make: (timeouts: ClientTimeouts) => Client) => {
  const made = new Map<ClientTimeouts, Client>();
  return (wanted: ClientTimeouts = clientTimeouts): Client => {
    const client = made.get(wanted) ?? make(wanted);
    made.set(wanted, client);
    return client;
  };
};
