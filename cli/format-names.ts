import type { DashBrand } from '../lib/adapters/dash-social/dash-brands.ts';
import { plain } from '../local/plain-text.ts';

/** An ID with its name, if that is known: `144 (Harbour)`. */
export const brandText = ({ id, name }: Pick<DashBrand, 'id' | 'name'>): string =>
  name === null ? String(id) : `${id} (${plain(name)})`;
