// What a page does beyond being read: it shows what is new, and filters while one types. Everything works without.

const every = Number(document.body.dataset.every);
const connection = document.getElementById('connection');

/** Each part that is kept up to date, as it came. */
const shown = new Map(
  [...document.querySelectorAll('[data-live]')].map(({ id, innerHTML }) => [id, innerHTML]),
);

/** Keeps open what is open, and the focus where it is. */
const replace = (old, fresh) => {
  const isOpen = new Set([...old.querySelectorAll('details[open]')].map(({ id }) => id));
  for (const details of fresh.querySelectorAll('details')) details.open = isOpen.has(details.id);
  const { id } = document.activeElement ?? {};
  const hadFocus = id && old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (hadFocus) document.getElementById(id)?.focus({ preventScroll: true });
};

/** Nothing changes under somebody's hands: neither a form that is being filled in nor words that are being marked. */
const isInUse = (region) =>
  region.contains(document.activeElement?.closest('input, .sure[open]') ?? null) ||
  [...region.querySelectorAll('input:not([type=hidden])')].some(
    (input) => input.value !== input.defaultValue,
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

const tell = (words) => {
  connection.textContent = words;
  connection.hidden = words === '';
};

const stale = 'The console does not answer, so this page may be out of date. Check that it is still running.';

/** Only the latest answer is shown; a request is never given up for the next one. */
let latest = 0;

const refresh = async () => {
  const turn = ++latest;
  try {
    const response = await fetch(location.href, { redirect: 'error' });
    const text = await response.text();
    if (!response.ok) throw new Error(String(response.status));
    if (turn === latest) show(text);
    tell('');
  } catch {
    if (turn === latest) tell(stale);
  }
};

/** The next request leaves after the last answer, and later when answers are slow; a hidden tab asks nothing. */
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
    refresh();
  }, 250);
});

// What was told once is not told again when the page is loaded anew.
const here = new URL(location.href);
if (here.searchParams.has('notice')) {
  here.searchParams.delete('notice');
  history.replaceState(null, '', here);
}

// An action leads back to the page it was made on: to the same place, with the focus where it was.
const placeName = `place ${location.pathname}${location.search}`;
addEventListener('submit', ({ submitter }) => {
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
