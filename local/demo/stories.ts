import { createHash } from 'node:crypto';

/** A story of the demo's fictional brand. `summary` and `body` are HTML, as in publishing systems. */
export type Story = {
  number: number;
  slug: string;
  title: string;
  summary: string;
  body: string;
  categories: string[];
  at: Date;
};

/** One of the demo's series: its subjects, in its own language. */
type Series = {
  subjects: readonly string[];
  occasions: readonly string[];
  categories: readonly string[];
  title: (subject: string, occasion: string) => string;
  summary: (subject: string, occasion: string) => string;
  body: (subject: string, occasion: string) => string;
};

const newsroom: Series = {
  subjects: [
    'The Ridge 28 daypack',
    'The Harbour rain jacket',
    'The Loop running vest',
    'The Fern thermos',
    'The Quarry approach shoe',
    'The Drift swim towel',
    'The Birch camp chair',
  ],
  occasions: ['forest green', 'signal orange', 'night blue', 'stone', 'a repairable edition'],
  categories: ['New in', 'Trail Running', 'Hiking', 'Rain & Wind', 'Repair', 'Camp'],
  title: (subject, occasion) => `${subject} is now here in ${occasion} 🎒`,
  summary: (subject, occasion) =>
    `<p>${subject} arrives in ${occasion} this week &ndash; same cut, same price &amp; a lining made of recycled nylon. 🌧️🏔️</p>`,
  body: (subject, occasion) =>
    `<p>${subject} arrives in ${occasion} this week.</p><ul><li>Recycled lining</li><li>Spare parts for ten&nbsp;years</li></ul><p>In all shops and online.</p>`,
};

const journal: Series = {
  subjects: ['Coast path', 'Night train', 'First frost', 'Hut to hut', 'River day', 'City edges'],
  occasions: [
    'a slow weekend',
    'three maps and no plan',
    'rain from the side',
    'two days off',
    'one small tent',
  ],
  categories: ['Journal', 'Slow Travel', 'Trail Notes', 'Weekend', 'Field Guide'],
  title: (subject, occasion) => `${subject}: ${occasion} & what we packed`,
  summary: (subject, occasion) =>
    `<p>${subject}, ${occasion}: the route in full, the two mistakes we made, the list of what we carried and the longer list of what we left at home. We start where the bus turns around, follow the water as long as it goes our way, and are back before the last light &mdash; with wet socks, a warm flask &amp; one very good reason to go again next month. Everything on the list weighs less than seven kilograms.</p>`,
  body: (subject, occasion) =>
    `<h2>${subject}</h2><p>${occasion.at(0)?.toUpperCase()}${occasion.slice(1)}. Maps &lt;1:25&nbsp;000&gt; are enough.</p><p><a href="https://www.example.com/routes">All routes</a></p>`,
};

const clips: Series = {
  subjects: ['Fold a rain jacket', 'Wax a boot', 'Patch a sleeping mat', 'Pack a daypack', 'Tie a tarp'],
  occasions: ['in 30 seconds', 'with cold hands', 'the tidy way', 'without tools'],
  categories: ['How To', 'Short Clips', 'Gear Care', 'Repair'],
  title: (subject, occasion) => `${subject} ${occasion} ▶️`,
  summary: (subject, occasion) => `<p>${subject} ${occasion}: watch it once, know it for good. ✨</p>`,
  body: (subject, occasion) => `<p>${subject} ${occasion}.</p>`,
};

const katalog: Series = {
  subjects: ['Die Regenjacke Förde', 'Der Rucksack Höhe 28', 'Die Stirnlampe Glühwürmchen', 'Das Zelt Süd'],
  occasions: ['für Frühaufsteher', 'für große Füße und kleine Höhen', 'für trübe Tage', 'für Übermorgen'],
  categories: ['Neuheiten', 'Ausrüstung', 'Über Nacht', 'Größen & Pflege'],
  title: (subject, occasion) => `${subject}: gemacht ${occasion}`,
  summary: (subject, occasion) =>
    `${subject} ist gemacht ${occasion} – geprüft, nachfüllbar und in allen Größen verfügbar.`,
  body: (subject, occasion) => `${subject} ist gemacht ${occasion}.`,
};

const series = { newsroom, journal, clips, katalog } as const;
export type SeriesName = keyof typeof series;

/** The `number`th story of a series: always the same except for `at`. */
export function storyOf(name: SeriesName, number: number, at: Date): Story {
  const { subjects, occasions, categories, ...write } = series[name];
  const subject = pick(subjects, number);
  const occasion = pick(occasions, Math.floor(number / subjects.length) + number);
  const title = write.title(subject, occasion);
  return {
    number,
    slug: `${number}-${slugOf(title)}`,
    title,
    summary: write.summary(subject, occasion),
    body: write.body(subject, occasion),
    categories: draw(categories, `${name}/${number}`),
    at,
  };
}

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

/** Two or three elements of a list, pseudo-random by seed. */
function draw(list: readonly string[], seed: string): string[] {
  const chance = createHash('sha256').update(seed).digest();
  const ranked = list.map((item, index) => ({ item, rank: chance[index] ?? 0 }));
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, 2 + ((chance[31] ?? 0) % 2)).map(({ item }) => item);
}

const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
