// What a page does beyond being read: it shows what is new, and filters while one types. Everything works without.

const every = Number(document.body.dataset.every);
const connection = document.getElementById('connection');
let asking = null;

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

const refresh = async () => {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const response = await fetch(location.href, { signal, redirect: 'error' });
    const text = await response.text();
    if (!response.ok) throw new Error(String(response.status));
    show(text);
    tell('');
  } catch {
    if (!signal.aborted) tell('The console does not answer: what you see may be old. Is it still running?');
  }
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

if (every > 0) {
  setInterval(() => document.hidden || refresh(), every);
  document.addEventListener('visibilitychange', () => document.hidden || refresh());
}
