// Progressive enhancement: pages refresh automatically and filter as you type. Everything also works without it.

const every = Number(document.body.dataset.every);
const connection = document.getElementById('connection');

/** The live regions of the page, as received. */
const shown = new Map(
  [...document.querySelectorAll('[data-live]')].map(({ id, innerHTML }) => [id, innerHTML]),
);

/** Replaces a region, keeping its open details and the focus. */
const replace = (old, fresh) => {
  const isOpen = new Set([...old.querySelectorAll('details[open]')].map(({ id }) => id));
  for (const details of fresh.querySelectorAll('details')) details.open = isOpen.has(details.id);
  const { id } = document.activeElement ?? {};
  const hadFocus = id && old.contains(document.activeElement);
  old.replaceWith(fresh);
  fresh.dispatchEvent(new Event('replaced', { bubbles: true }));
  if (hadFocus) document.getElementById(id)?.focus({ preventScroll: true });
};

/** Whether the user is working in a region: deciding, filling in a form or selecting text; it is not replaced then. */
const isInUse = (region) =>
  region.querySelector('.decided') !== null ||
  region.contains(document.activeElement?.closest('input, textarea, .sure[open]') ?? null) ||
  [...region.querySelectorAll('input:not([type=hidden]), textarea')].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  ) ||
  (!getSelection().isCollapsed && region.contains(getSelection().anchorNode));

const show = (text) => {
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  for (const old of document.querySelectorAll('[data-live]')) {
    const region = fresh.getElementById(old.id);
    if (!region || region.innerHTML === shown.get(old.id) || isInUse(old)) continue;
    shown.set(old.id, region.innerHTML);
    replace(old, region);
  }
};

const showConnection = (words) => {
  connection.textContent = words;
  connection.hidden = words === '';
};

const stale =
  'The console is not responding, so this page may be out of date. Check that it is still running.';

/** Only the latest response is shown; a request is not aborted when the next one starts. */
let latest = 0;

const refresh = async () => {
  const turn = ++latest;
  try {
    const response = await fetch(location.href, { redirect: 'error' });
    const text = await response.text();
    if (!response.ok) throw new Error(String(response.status));
    if (turn === latest) show(text);
    showConnection('');
  } catch {
    if (turn === latest) showConnection(stale);
  }
};

/** Refreshes again after each response, less often if responses are slow, and not while the tab is hidden. */
const keepUp = async () => {
  const began = performance.now();
  if (!document.hidden) await refresh();
  const tookMs = performance.now() - began;
  setTimeout(keepUp, Math.max(every, 4 * tookMs));
};

const filter = document.getElementById('filter');
let typing;
filter?.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const chosen = [...new FormData(filter)].filter(([, value]) => value !== '');
    const search = new URLSearchParams(chosen).toString();
    history.replaceState(null, '', search === '' ? filter.action : `${filter.action}?${search}`);
    for (const { classList } of document.querySelectorAll('.decided')) classList.remove('decided');
    refresh();
  }, 250);
});

/** Counts a caption as it is typed, and checks TikTok's rules of length and hashtags. */
const check = (field) => {
  const most = Number(field.dataset.most);
  const text = field.value.trim();
  const tags = new Set(text.toLowerCase().match(/[#＃][\p{L}\p{M}\p{N}_]+/gu) ?? []);
  const fault =
    (text === '' && 'a caption must not be empty') ||
    (text.length > most && `${text.length - most} too many`) ||
    (tags.size > 5 && `${tags.size} hashtags: TikTok allows 5`) ||
    '';
  const count = document.getElementById(field.getAttribute('aria-describedby'));
  const words = `${text.length.toLocaleString('en')} of ${most.toLocaleString('en')} characters`;
  count.textContent = fault === '' ? words : `${words} · ${fault}`;
  count.classList.toggle('alarm', fault !== '');
  field.setAttribute('aria-invalid', String(fault !== ''));
  field.setCustomValidity(text === '' || text.length > most ? fault : '');
};
document.addEventListener('input', ({ target }) => {
  if (target.matches?.('textarea[data-most]')) check(target);
});

// A notice is not shown again when the page is reloaded.
const here = new URL(location.href);
if (here.searchParams.has('notice')) {
  here.searchParams.delete('notice');
  history.replaceState(null, '', here);
}

// After an action, the page is shown again at the same scroll position, with the same focus.
const placeName = `place ${location.pathname}${location.search}`;
addEventListener('submit', ({ submitter, defaultPrevented }) => {
  if (defaultPrevented) return;
  sessionStorage.setItem(placeName, JSON.stringify({ top: scrollY, id: submitter?.id ?? '' }));
});
const place = JSON.parse(sessionStorage.getItem(placeName) ?? 'null');
if (place !== null) {
  sessionStorage.removeItem(placeName);
  scrollTo({ top: place.top, behavior: 'instant' });
  document.getElementById(place.id)?.focus({ preventScroll: true });
}

if (every > 0) {
  setTimeout(keepUp, every);
  document.addEventListener('visibilitychange', () => document.hidden || refresh());
}

// How many are selected, and all or none of those on the page.
const selection = () => [...document.querySelectorAll('input[form=selection][name=key]')];
const countSelected = () => {
  const all = document.getElementById('select-all');
  const count = selection().filter(({ checked }) => checked).length;
  const words = document.getElementById('selected');
  if (words) words.textContent = all?.checked ? 'everything' : count > 0 ? `${count} selected` : '';
};
document.addEventListener('change', ({ target }) => {
  if (target.matches('[form=selection], #select-all')) countSelected();
});

// Many decisions are made in pieces, so that one sees how far they are and can stop them.
const many = document.querySelector('form[data-piece]');
const progress = document.getElementById('progress');

const sendPiece = async (fields, keys) => {
  const body = new URLSearchParams({ ...fields, keys: keys.join(' '), as: 'json' });
  const response = await fetch('/moves', { method: 'POST', body, redirect: 'error' });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
};

const sentence = ({ done, refused, why, waits, learned }, all) =>
  [
    `${done.toLocaleString('en')} of ${all.toLocaleString('en')} done.`,
    refused > 0 ? `${refused.toLocaleString('en')} unchanged: ${why}` : '',
    ...waits,
    ...learned,
  ]
    .filter(Boolean)
    .join(' ');

const buttonFor = (words, act) => {
  const button = Object.assign(document.createElement('button'), { textContent: words });
  button.addEventListener('click', act);
  return button;
};

const lost =
  'The console is not responding. The last hundred may have changed; the ones after them are unchanged.';

/** Sends the pieces one after the other until `isStopped`; the sums, and what went wrong. */
const sendAll = async (fields, keys, { isStopped, show }) => {
  const sum = { done: 0, refused: 0, why: null, waits: [], learned: [], keys: [] };
  let activity = '';
  for (let at = 0; at < keys.length && !isStopped(); at += pieceSize) {
    try {
      const piece = await sendPiece({ ...fields, activity }, keys.slice(at, at + pieceSize));
      activity = piece.activity ?? activity;
      sum.done += piece.done;
      sum.refused += piece.refused;
      sum.keys.push(...piece.keys);
      sum.why ??= piece.why;
      sum.waits = [...new Set([...sum.waits, ...piece.waits])];
      sum.learned = [...new Set([...sum.learned, ...piece.learned])];
    } catch {
      show(sum);
      return { sum, failure: lost };
    }
    show(sum);
  }
  return { sum, failure: isStopped() ? 'Stopped; the others are unchanged.' : '' };
};

const pieceSize = Number(many?.dataset.piece);

/** What was done, as the heading of the page: it asked before. */
const showDone = (isUndo, count) => {
  const { done, undone } = many.dataset;
  const entries = `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
  const past = isUndo ? `${undone} of ${entries} was undone` : `${entries} ${done}`;
  const words = count === 0 ? 'Nothing was changed' : past[0].toUpperCase() + past.slice(1);
  document.querySelector('h1').textContent = words;
  document.title = `${words} · rss-drafts`;
};

/** Replaces `old` by the progress, then by what can be done next. */
const decideInPieces = async (old, { fields, keys, back }) => {
  let stopped = false;
  const bar = Object.assign(document.createElement('progress'), { max: keys.length, value: 0 });
  bar.setAttribute('aria-label', 'Progress');
  const box = document.createElement('div');
  box.className = 'many';
  const stop = buttonFor('Stop', () => {
    stopped = true;
  });
  box.append(bar, stop);
  old.replaceWith(box);
  document.getElementById('question')?.remove();
  stop.focus();
  const show = (sum) => {
    bar.value = sum.done + sum.refused;
    progress.textContent = sentence(sum, keys.length);
  };
  const { sum, failure } = await sendAll(fields, keys, { isStopped: () => stopped, show });
  if (failure !== '') progress.textContent += ` ${failure}`;
  showDone(fields.move === 'undo', sum.done);
  const link = Object.assign(document.createElement('a'), {
    href: back,
    className: 'action',
    textContent: 'Back to the list',
  });
  const undo = buttonFor('Undo', () =>
    decideInPieces(box, { fields: { ...fields, move: 'undo' }, keys: sum.keys, back }),
  );
  box.replaceChildren(link, ...(fields.move !== 'undo' && sum.done > 0 ? [undo] : []));
  link.focus();
};

many?.addEventListener('submit', (event) => {
  event.preventDefault();
  const { keys, back, ...fields } = Object.fromEntries(new FormData(many));
  void decideInPieces(many, { fields, keys: keys.split(' '), back });
});

// Keys, while nothing is typed.
const keysHelp = [
  ['/', 'search'],
  ['j, k', 'next, previous card'],
  ['x', 'select the card'],
  ['e', 'open its entry'],
  ['?', 'these keys'],
];

const cards = () => [...document.querySelectorAll('main article, main li.step:has(a)')];
const current = () => document.activeElement?.closest('article, li.step') ?? null;
const linkIn = (card) =>
  card?.querySelector('h2 a, h3 a') ?? card?.closest('li.step')?.querySelector('a') ?? null;

const step = (by) => {
  const all = cards();
  const at = all.indexOf(current());
  const card = all[at === -1 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  const focusable = linkIn(card) ?? card?.querySelector('a, button, summary');
  focusable?.focus();
  card?.scrollIntoView({ block: 'nearest' });
};

const showKeys = () => {
  const open = document.querySelector('dialog.keys');
  if (open) return open.close();
  const dialog = document.createElement('dialog');
  dialog.className = 'keys';
  dialog.setAttribute('aria-label', 'Keyboard shortcuts');
  const list = document.createElement('dl');
  for (const [key, words] of keysHelp) {
    const term = document.createElement('dt');
    term.append(Object.assign(document.createElement('kbd'), { textContent: key }));
    list.append(term, Object.assign(document.createElement('dd'), { textContent: words }));
  }
  const close = Object.assign(document.createElement('button'), { textContent: 'Close' });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.append(list, close);
  document.body.append(dialog);
  dialog.showModal();
};

const shortcuts = {
  '/': () => document.querySelector('#filter input, #filter select')?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector('input[form=selection]')?.click(),
  e: () => linkIn(current())?.click(),
  '?': showKeys,
};

addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, target, isComposing } = event;
  if (ctrlKey || metaKey || altKey || isComposing || !Object.hasOwn(shortcuts, key)) return;
  if (target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return;
  event.preventDefault();
  shortcuts[key]();
});
