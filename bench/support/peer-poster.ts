// Runs in a process of its own, by in-child.ts: one of bench/peers that posts what is new.

type Peer = { round: () => Promise<void>; stop: () => void };
type Post = (item: { title?: string }) => Promise<void>;
type Target = { url: string; token: string; failed: (error: unknown) => void };

let peer: Peer;

export const start = async (given: { name: string; urls: string[]; url: string; token: string }) => {
  const load = async (file: string) => import(new URL(`../peers/${file}.mjs`, import.meta.url).href);
  const { poster } = (await load('posting')) as { poster: (target: Target) => Post };
  const { start: begin } = (await load(given.name)) as {
    start: (given: { urls: string[]; post: Post }) => Promise<Peer>;
  };
  const post = poster({ url: given.url, token: given.token, failed: () => {} });
  peer = await begin({ urls: given.urls, post });
};

export const round = async (): Promise<void> => peer.round();
