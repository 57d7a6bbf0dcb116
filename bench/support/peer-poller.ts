// Runs in a process of its own, by in-child.ts: one of bench/peers, with what a user would give it.

type Peer = { round: () => Promise<void>; stop: () => void };
type Given = { urls: string[]; post: (item: unknown) => Promise<void> };
type PeerModule = { start: (given: Given) => Promise<Peer> };

let peer: Peer;

export const start = async ({ name, urls }: { name: string; urls: string[] }): Promise<void> => {
  const module = (await import(new URL(`../peers/${name}.mjs`, import.meta.url).href)) as PeerModule;
  peer = await module.start({ urls, post: async () => {} });
};

export const round = async (): Promise<{ cpuMs: number; wallMs: number; reads: number; writes: number }> => {
  const [before, since] = [process.cpuUsage(), performance.now()];
  await peer.round();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - since, reads: 0, writes: 0 };
};
