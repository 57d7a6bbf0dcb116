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
  if (hadFocus) document.getElementById(id)?.focus({ preventScroll: true });
};

/** Whether the user is working in a region, filling in a form or selecting text; it is not replaced then. */
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
    refresh();
  }, 250);
});

// A notice is not shown again when the page is reloaded.
const here = new URL(location.href);
if (here.searchParams.has('notice')) {
  here.searchParams.delete('notice');
  history.replaceState(null, '', here);
}

// After an action, the page is shown again at the same scroll position, with the same focus.
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
