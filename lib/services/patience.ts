/**
 * How long an AWS client waits. A call takes milliseconds: one that hangs is given up and tried again long before
 * a function's time is over, at worst 3 × (1 + 5) s and the pauses between. Connections are kept, as by default.
 * Region, credentials and, on a laptop, endpoints come from the environment that the SDK reads by itself.
 */
export const patience = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
