/**
 * How long an AWS client waits. A call takes milliseconds: one that hangs is given up and tried again long before
 * a function's time is over, at worst 3 × (1 + 5) s and the pauses between. Connections are kept, as by default.
 * Region, credentials and, on a laptop, endpoints come from the environment that the SDK reads by itself.
 */
export const patience = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
export type Patience = typeof patience;

/** Where a sender waits for the answer, of which there are 7.5 s: at worst 2 × (0.5 + 1.5) s and a pause a call. */
export const shortPatience: Patience = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

/** Beside an answer that is ready: at worst 2 × (0.2 + 0.3) s and a pause a call. */
export const littlePatience: Patience = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 200, requestTimeout: 300, throwOnRequestTimeout: true },
};

/** One client for each patience, made on first use. */
export const clientsBy = <Client>(make: (patience: Patience) => Client) => {
  const made = new Map<Patience, Client>();
  return (wanted: Patience = patience): Client => {
    const client = made.get(wanted) ?? make(wanted);
    made.set(wanted, client);
    return client;
  };
};
