/**
 * The time-outs of an AWS client. A call takes milliseconds: one that hangs is retried long before a function's
 * time-out, after 3 × (1 + 5) s and the pauses between at worst. Connections are kept alive by default. Region,
 * credentials and, in local runs, endpoints come from the environment that the SDK reads.
 */
export const clientTimeouts = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
export type ClientTimeouts = typeof clientTimeouts;

/** For calls during a delivery, whose response is due within 7.5 s: at worst 2 × (0.5 + 1.5) s and a pause per call. */
export const shortTimeouts: ClientTimeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

/** For calls beside a finished response: at worst 2 × (0.2 + 0.3) s and a pause per call. */
export const boundedRetries: ClientTimeouts = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 200, requestTimeout: 300, throwOnRequestTimeout: true },
};

/** One client per set of time-outs, created on first use. */
export const clientsBy = <Client>(make: (timeouts: ClientTimeouts) => Client) => {
  const made = new Map<ClientTimeouts, Client>();
  return (wanted: ClientTimeouts = clientTimeouts): Client => {
    const client = made.get(wanted) ?? make(wanted);
    made.set(wanted, client);
    return client;
  };
};
