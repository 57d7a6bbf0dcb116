import { once } from './once.ts';

/**
 * Where a feed's reader finds these, in the languages that WordPress ships: a footer of the form
 * `The post TITLE appeared first on SITE.`, as `[how it begins, what stands between title and site]`.
 */
const FOOTERS: [begins: string, between: string][] = [
  ['The (?:post|article|content|entry|page|episode)', '(?:appeared first|first appeared) (?:on|at|in)'],
  [
    '(?:Der|Dieser) (?:Beitrag|Artikel|Post)',
    '(?:erschien|wurde|ist|stammt) (?:zuerst|zunächst) (?:auf|bei|veröffentlicht|erschienen)',
  ],
  [
    "(?:L[’'](?:article|entrée|épisode)|Le (?:post|contenu|billet)|Cet article|La (?:page|publication))",
    '(?:est apparue?|apparaît|a été publiée?|est publiée?) en premier (?:sur|dans)',
  ],
  [
    '(?:La (?:entrada|publicación|noticia)|El (?:artículo|post|contenido|cargo|puesto))',
    '(?:se publicó primero|aparece primero|apareció primero|ha aparecido primero|se publicó por primera vez) en',
  ],
  ["L[’'](?:entrada|article)", '(?:ha aparegut|va aparèixer|aparegué) primer (?:a|en)'],
  [
    '(?:O (?:post|conteúdo|artigo)|A (?:publicação|postagem|notícia))',
    '(?:apareceu primeiro|aparece primeiro|apareceu pela primeira vez|foi publicad[oa] primeiro) (?:em|no|na)',
  ],
  [
    "(?:L[’'](?:articolo|episodio)|Il (?:post|contenuto))",
    '(?:proviene da|sembra essere il primo su|è apparso per prim[oa](?: volta)? su)',
  ],
  ['(?:Het (?:bericht|artikel)|De post)', '(?:verscheen (?:eerst|als eerste)|is (?:eerst )?verschenen) op'],
  ['Inlägget', '(?:dök först upp|publicerades först|visades först) på'],
  [
    '(?:Indlægget|Artiklen)',
    '(?:blev først|dukkede først|blev vist først|vises først) (?:(?:udgivet|vist|op) )?(?:på|den)',
  ],
  ['Innlegget', '(?:dukket først opp|ble først publisert|ble først vist) på'],
  ['(?:Artikkeli|Julkaisu|Kirjoitus)', '(?:julkaistiin|ilmestyi|näkyi) ensi(?:mmäisen kerran|n)'],
  [
    '(?:Artykuł|Post|Wpis)',
    '(?:pochodzi z serwisu|pojawił się (?:po ?raz )?(?:pierwszy|najpierw)|po raz pierwszy pojawił się)',
  ],
  ['(?:Příspěvek|Článek)', '(?:pochází z|se nejdříve objevil na|byl nejdříve publikován)'],
  ['(?:Príspevok|Článok)', '(?:zobrazený najskôr|je zobrazený ako prvý|sa zobrazil najskôr)'],
  ['(?:A|A\\(z\\)|Az)', 'bejegyzés először'],
  ['(?:Articolul|Postarea)', 'apare prima dată (?:în|pe)'],
  [
    '(?:Сообщение|Запись|Пост|Статья)',
    '(?:появил(?:ись|ась|ось|ся) сначала|(?:впервые|сначала) появил(?:ись|ась|ось|ся)) на',
  ],
  ['(?:Запис|Допис|Стаття)', '(?:спершу|вперше|спочатку) з.?яви(?:вся|лась|лася|лося) на'],
  ['(?:Публикацията|Статията)', '(?:се появи първо на|беше публикувана за първи път)'],
  ['(?:Чланак|Објава|Садржај)', 'се појављује прво на'],
  [
    '(?:Objava|Post|Članak)',
    '(?:pojavi(?:o|la) se prvi puta? na|se prvo pojavi(?:o|la) na|se pojavljuje prvo na)',
  ],
  ['(?:Objava|Prispevek)', 'se je (?:najprej|prvič) pojavil[ao]? na'],
  ['(?:Το (?:άρθρο|κείμενο)|Η δημοσίευση)', 'εμφανίστηκε πρώτα (?:στο|στην|στη)'],
  ['Bài viết', '(?:đã )?xuất hiện (?:đầu tiên|trước tiên)'],
  ['(?:Artikel|Postingan|Pos)', 'pertama kali (?:tampil|muncul|diterbitkan) (?:pada|di)'],
  ['הפוסט', 'הופיע (?:לראשונה|ראשון) ב'],
  ['ظهرت (?:المقالة|التدوينة)', 'أولاً (?:على|في)'],
  ['نوشته', 'اولین بار در'],
  ['Postitus', 'ilmus (?:esmalt|algselt)'],
  ['Įrašas', 'pirmiausia (?:pasirodė|buvo paskelbtas)'],
  // the title comes first, so the footer begins where its line does
  ['(?<=\\n)', '(?:yazısı|gönderisi|içeriği) ilk önce'],
  ['(?<=\\n)', 'に最初に(?:表示|投稿|掲載)されました'],
  ['(?<=\\n)', '(?:最先出现在|最先出現在|最早出現於)'],
  ['(?<=\\n)', '에 (?:처음|먼저) (?:등장|나타|게시)'],
];

/** `Continue reading` and its like, as a line of its own or after the end of a sentence. */
const MORE = [
  'Continue [Rr]eading|Keep [Rr]eading|Read [Mm]ore|Read [Oo]n|Read the (?:rest|full|whole)|(?:Learn|See) [Mm]ore|View (?:post|article)',
  'Weiterlesen|Weiter lesen|Mehr lesen|Lesen Sie (?:mehr|weiter)|Mehr erfahren',
  "Continuer la lecture|Continuer à lire|Lire la suite|Lire plus|En savoir plus|Lire l[’']article",
  'Sigue leyendo|Seguir leyendo|Continuar leyendo|Continúa leyendo|Leer más|Ver más|Llegiu més|Continua llegint',
  'Continue (?:a ler|lendo)|Continuar (?:a ler|lendo|a leitura)|Leia [Mm]ais|Ler mais|Saiba mais',
  "Continua a leggere|Continua la lettura|Leggi tutto|Leggi di più|Leggi l[’']articolo",
  'Lees [Vv]erder|Verder lezen|Lees [Mm]eer',
  'Fortsätt läsa|Läs [Mm]er|Fortsett å lese|Les [Mm]er|Les videre|Læs [Mm]ere|Læs videre|Fortsæt læsning(?:en)?',
  'Jatka lukemista|Lue [Ll]isää|Loe edasi|Jätka lugemist|Skaityti (?:toliau|daugiau)|Lasīt (?:tālāk|vairāk)|Turpināt lasīt',
  'Czytaj [Dd]alej|Czytaj [Ww]ięcej|Dowiedz się więcej',
  'Pokračovat ve čtení|Číst dál(?:e)?|Číst více|Celý článek|Pokračovať v čítaní|Čítať (?:ďalej|viac)',
  'Olvasás folytatása|Tovább olvasom|Bővebben|Olvass tovább|Continuă (?:să citești|lectura)|Citește (?:mai mult|mai departe)',
  'Читать далее|Читать дальше|Читать полностью|Продолжить чтение|Подробнее|Читати далі|Продовжити читання|Докладніше',
  'Прочетете още|Продължаване на четенето|Прочети повече|Настави са читањем|Прочитај више',
  'Nastavi (?:čitati|sa čitanjem)|Pročitaj više|Pročitajte više|Preberi več|Nadaljuj z branjem',
  'Συνεχίστε την ανάγνωση|Διαβάστε περισσότερα|Συνέχεια|Okumaya devam et|Devamını [Oo]ku|Daha fazla',
  '続きを読む|もっと読む|继续阅读|阅读更多|阅读全文|繼續閱讀|閱讀更多|閱讀全文|계속 읽기|더 읽기|더 보기',
  'Đọc tiếp|Xem thêm|Tiếp tục đọc|Lanjutkan membaca|Baca [Ss]elengkapnya|Baca lebih lanjut|อ่านต่อ|อ่านเพิ่มเติม',
  'להמשיך לקרוא|המשך לקרוא|קרא עוד|متابعة القراءة|إ?اقرأ المزيد|أكمل القراءة|ادامه[\u200c\\s]?(?:ی )?خواندن|ادامه مطلب',
].join('|');

/** Footers are short; nothing is sought before these many last characters, which also bounds the work. */
const WINDOW = 700;
/** As far from the end may stand what parts title and site, and `Continue reading`. */
const FOOTER_END = 260;
const MORE_END = 300;

// bounded: WINDOW characters
const ELLIPSIS = /\s*(?:\[\s?(?:…|\.{3})\s?\]|\((?:…|\.{3})\)|\(\p{L}[^()\n]{0,30}(?:…|\.{3})\))\s*$/u;
/** German names the title before the verb: „Titel“ weiterlesen. */
const QUOTED =
  // bounded: WINDOW characters
  /(?<=^|\n|[\p{P}\p{S}]\s+)[„“"«][^\n]{1,250}[“”"»]\s+(?:weiterlesen|verder lezen)[^\p{L}\n]{0,5}$/u;

const footerOf = ([begins, between]: (typeof FOOTERS)[number]) =>
  // bounded: WINDOW characters
  new RegExp(`(?<![\\p{L}\\p{N}])${begins}[^\\n]{1,400}?${between}[^\\n]{0,200}$`, 'u');

/** Made on first use: so many patterns would be part of every cold start. */
const footers = once(() => FOOTERS.map(footerOf));
const patterns = once(() => ({
  /** One look for all footers: most summaries have none. Where a Latin word goes on, none of them begins. */
  // bounded: FOOTER_END characters
  anyFooter: new RegExp(`(?!\\B[a-z])(?:${FOOTERS.map(([, between]) => between).join('|')})`, 'u'),
  // bounded: MORE_END characters
  more: new RegExp(
    `(?![a-z\\s])(?<=^|\\n|[\\p{P}\\p{S}]\\s*)[([]?(?:${MORE})(?![\\p{L}\\p{N}])([^\\n]{0,250})$`,
    'u',
  ),
  // bounded: WINDOW characters
  arrowed: new RegExp(`(?<=\\s)[([]?(?:${MORE})[^\\p{L}\\p{N}\\n]{0,9}[→»›>⟶][^\\p{L}\\p{N}\\n]{0,3}$`, 'u'),
  /** In brackets it is meant whatever its case: `[read more]`. */
  // bounded: WINDOW characters
  bracketed: new RegExp(`\\s*[[(](?:${MORE})[^\\p{L}\\p{N}]{0,9}[\\])]\\s*$`, 'iu'),
}));

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** After `Continue reading` comes nothing, the title, or something that an arrow points away from. */
const pointsOn = (rest: string, title: string | null): boolean =>
  /[→»›⟶>…]\s*$/.test(rest) || letters(rest) === '' || (title !== null && letters(rest) === letters(title));

/** Patterns for what such an end can be: nearly all summaries end in a way that needs none of them. */
const candidates = (tail: string): RegExp[] => {
  const end = tail.slice(-24);
  const { anyFooter, arrowed, bracketed } = patterns();
  return [
    ...(/[\])]$/.test(end) ? [ELLIPSIS, bracketed] : []),
    ...(/[→»›>⟶]/.test(end) ? [arrowed] : []),
    ...(/le[sz]en/.test(end) ? [QUOTED] : []),
    ...(anyFooter.test(tail.slice(-FOOTER_END)) ? footers() : []),
  ];
};

const tailStart = (tail: string, title: string | null): number => {
  for (const pattern of candidates(tail)) {
    const found = pattern.exec(tail);
    if (found) return found.index;
  }
  const before = Math.max(0, tail.length - MORE_END);
  const more = patterns().more.exec(tail.slice(before));
  return more && pointsOn(more[1] ?? '', title) ? before + more.index : -1;
};

/**
 * A summary without what publishing systems append to it: `[…]`, `(more…)`, `Continue reading TITLE →` and
 * `The post TITLE appeared first on SITE.`, however many of them, in the languages that WordPress ships.
 */
export const cutTail = (summary: string, title: string | null): string => {
  let text = summary.trimEnd();
  for (let cuts = 0; cuts < 5; cuts++) {
    const before = Math.max(0, text.length - WINDOW);
    const start = tailStart(text.slice(before), title);
    if (start === -1) return text;
    text = text.slice(0, before + start).trimEnd();
  }
  return text;
};
