import { readFeed } from '../parse/read-feed.ts';

/**
 * What is done in the worker thread, by kind. Each is a function of its input alone, which travels there and back as a
 * structured clone; it throws `AppError` for what is wrong with the input. What is to be computed from all that a
 * document lists, as identities are, belongs behind `readFeed` here: under the same deadline, and cloned once.
 */
export const tasks = { read: readFeed };

type Tasks = typeof tasks;
export type Kind = keyof Tasks;
export type Input<K extends Kind> = Parameters<Tasks[K]>[0];
export type Output<K extends Kind> = Awaited<ReturnType<Tasks[K]>>;
export type Request<K extends Kind = Kind> = { kind: K; input: Input<K> };
