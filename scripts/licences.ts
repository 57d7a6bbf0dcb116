import type { Lockfile } from './installed.ts';

/** SPDX names of licences under which a package may be part of what is deployed: do as you like, keep the notice. */
const deployed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
];

/** And of tools, of which nothing is passed on. */
const tools = [...deployed, 'CC-BY-3.0', 'CC0-1.0', 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'Unlicense'];

/** Of an SPDX expression: all that are joined by AND have to be allowed, and one of those joined by OR. */
const isAllowed = (expression: string, allowed: readonly string[]): boolean =>
  expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((all) => all.split(' AND ').every((one) => allowed.includes(one)));

/**
 * The packages of a lockfile whose licence is not on our list, one line each; one without a licence is none of ours. An
 * expression with brackets inside brackets is read by nobody here, and so refused.
 */
export const strangeLicences = ({ packages }: Lockfile): string[] =>
  Object.entries(packages).flatMap(([path, { license, dev }]) => {
    if (path === '' || isAllowed(license ?? '', dev ? tools : deployed)) return [];
    return [
      `${path} is under ${license ?? 'no licence'}, which is not on the list for ${dev ? 'tools' : 'what is deployed'}`,
    ];
  });
