import * as v from 'valibot';
import type { Config } from './core/config/config.ts';
import { misconfigured } from './core/errors.ts';

/** Incremented when the shape of `Config` changes, so that a function never uses a file of another release. */
const format = 3;

/**
 * Only checks that this is a packed configuration of this release, because its content was checked when it was packed.
 */
const Packed = v.object({
  format: v.literal(format),
  config: v.custom<Config>((value) => Array.isArray((value as Config | null)?.feeds)),
});

/** The text that the build writes next to each bundle, without settings that only a deploy needs. */
export const packConfig = ({ deploy: _, ...config }: Config): string => JSON.stringify({ format, config });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw misconfigured(
      'config.unreadable',
      'The packed configuration is not JSON. Build and deploy again.',
      { cause },
    );
  }
};

/** Reads a packed configuration; throws config `config.unreadable`. */
export const unpackConfig = (text: string): Config => {
  const packed = v.safeParse(Packed, parseJson(text));
  if (packed.success) return packed.output.config;
  throw misconfigured(
    'config.unreadable',
    'The packed configuration is from another release. Build and deploy again.',
  );
};
