import * as v from 'valibot';
import type { Config } from './core/config/config.ts';
import { misconfigured } from './core/errors.ts';

/** Counted up when the shape of `Config` changes, so that a function never works from another release's file. */
const format = 3;

/** The text was checked when it was packed: what is asked here is only whether it is such a text, and of this release. */
const Packed = v.object({
  format: v.literal(format),
  config: v.custom<Config>((value) => Array.isArray((value as Config | null)?.feeds)),
});

/** The text that the build puts beside each bundle. */
export const packConfig = (config: Config): string => JSON.stringify({ format, config });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw misconfigured(
      'config.unreadable',
      'The packed configuration is not JSON: build and deploy again.',
      { cause },
    );
  }
};

/** What `packConfig` packed; throws `config.unreadable`. */
export const unpackConfig = (text: string): Config => {
  const packed = v.safeParse(Packed, parseJson(text));
  if (packed.success) return packed.output.config;
  throw misconfigured(
    'config.unreadable',
    'The packed configuration is not of this release: build and deploy again.',
  );
};
