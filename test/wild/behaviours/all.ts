import type { Behaviour } from '../behaviour.ts';
import { brand } from './brand.ts';
import { dates } from './dates.ts';
import { edits } from './edits.ts';
import { late } from './late.ts';
import { mixed } from './mixed.ts';
import { moves } from './moves.ts';
import { order } from './order.ts';
import { plain } from './plain.ts';
import { repeats } from './repeats.ts';
import { webhook } from './webhook.ts';
import { window } from './window.ts';

/** 155 behaviours and two mixtures. */
export const behaviours: readonly Behaviour[] = [
  ...plain,
  ...dates,
  ...order,
  ...window,
  ...late,
  ...edits,
  ...moves,
  ...repeats,
  ...brand,
  ...webhook,
  ...mixed,
];
