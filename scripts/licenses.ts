import type { Lockfile } from './installed.ts';

/** SPDX identifiers of the licenses allowed for deployed packages: permissive ones that only require a notice. */
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

/** Licenses additionally allowed for tools, which are not distributed. */
const tools = [...deployed, 'CC-BY-3.0', 'CC0-1.0', 'MPL-2.0', 'PSF-2.0', 'Python-2.0', 'Unlicense'];

/** Evaluates an SPDX expression: all parts joined by AND must be allowed, and one of those joined by OR. */
const isAllowed = (expression: string, allowed: readonly string[]): boolean =>
  expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((all) => all.split(' AND ').every((one) => allowed.includes(one)));

/**
 * The packages of a lockfile whose license is not allowed, one line each, including those without a license. An
 * expression with nested brackets is not supported, and so not allowed.
 */
export const strangeLicenses = ({ packages }: Lockfile): string[] =>
  Object.entries(packages).flatMap(([path, { license, dev }]) => {
    if (path === '' || isAllowed(license ?? '', dev ? tools : deployed)) return [];
    return [
      `${path} is under ${license ?? 'no license'}, which is not on the list for ${dev ? 'tools' : 'deployed code'}`,
    ];
  });
