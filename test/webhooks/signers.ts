import { type SourceName, sources } from '../../lib/webhooks/sources.ts';
import type { SourceCases, Signer as SourceSigner } from './source-cases.ts';

const casesOf = async (name: SourceName): Promise<SourceCases> => (await import(`./cases/${name}.ts`)).cases;

/** The cases for every source; a source without test/webhooks/cases/NAME.ts fails here. */
export const cases = Object.fromEntries(
  await Promise.all(sources.map(async ({ name }) => [name, await casesOf(name)] as const)),
) as Record<SourceName, SourceCases>;

export type Signer = SourceSigner & { from: SourceName };

export const signers: Signer[] = sources.flatMap(({ name }) =>
  cases[name].signers.map((signer) => ({ from: name, ...signer })),
);

/** The first signer of a source. */
export const signerOf = (from: SourceName): Signer =>
  signers.find((signer) => signer.from === from) as Signer;
