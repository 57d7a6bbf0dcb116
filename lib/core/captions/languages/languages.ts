import { arabic } from './ar.ts';
import { bulgarian } from './bg.ts';
import { catalan } from './ca.ts';
import { czech } from './cs.ts';
import { danish } from './da.ts';
import { german } from './de.ts';
import { greek } from './el.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { estonian } from './et.ts';
import { persian } from './fa.ts';
import { finnish } from './fi.ts';
import { french } from './fr.ts';
import { hebrew } from './he.ts';
import { croatian } from './hr.ts';
import { hungarian } from './hu.ts';
import { indonesian } from './id.ts';
import { italian } from './it.ts';
import { japanese } from './ja.ts';
import { korean } from './ko.ts';
import type { Language } from './language.ts';
import { lithuanian } from './lt.ts';
import { latvian } from './lv.ts';
import { norwegian } from './nb.ts';
import { dutch } from './nl.ts';
import { polish } from './pl.ts';
import { portuguese } from './pt.ts';
import { romanian } from './ro.ts';
import { russian } from './ru.ts';
import { slovak } from './sk.ts';
import { slovenian } from './sl.ts';
import { serbian } from './sr.ts';
import { swedish } from './sv.ts';
import { thai } from './th.ts';
import { turkish } from './tr.ts';
import { ukrainian } from './uk.ts';
import { vietnamese } from './vi.ts';
import { chinese } from './zh.ts';

/** All languages. An entry does not state its language, so the words of all are searched together. */
export const languages: readonly Language[] = [
  english,
  german,
  french,
  spanish,
  catalan,
  portuguese,
  italian,
  dutch,
  swedish,
  danish,
  norwegian,
  finnish,
  estonian,
  latvian,
  lithuanian,
  polish,
  czech,
  slovak,
  slovenian,
  croatian,
  serbian,
  bulgarian,
  russian,
  ukrainian,
  hungarian,
  romanian,
  greek,
  turkish,
  vietnamese,
  indonesian,
  thai,
  hebrew,
  arabic,
  persian,
  japanese,
  chinese,
  korean,
];
