// Decisions: an undo is offered as long as it is possible, and the list keeps its places. After console.js.

const announcedAttentionMs = 60_000;
const thinkMs = 700;

/** Counts down on the button that undoes, and ends with `end`. */
const countDown = (box, end) => {
  const until = performance.now() + Number(box.dataset.seconds) * 1_000;
  const left = document.createElement('span');
  left.setAttribute('aria-hidden', 'true');
  box.querySelector('[action="/undo"] button')?.append(left);
  const tick = () => {
    if (!box.isConnected) return;
    const seconds = Math.ceil((until - performance.now()) / 1_000);
    if (seconds <= 0) return end();
    left.textContent = ` (${seconds})`;
    setTimeout(tick, 200);
  };
  tick();
};

/** What can be undone no longer. */
const withoutUndo = (box) => {
  const hadFocus = box.contains(document.activeElement);
  for (const gone of box.querySelectorAll('[action="/undo"], .until')) gone.remove();
  if (hadFocus) box.focus({ preventScroll: true });
};

const countIn = (root) => {
  for (const box of root.querySelectorAll('.undoable[data-seconds]')) {
    box.tabIndex = -1;
    countDown(box, () => withoutUndo(box));
  }
};

/** Shows a notice at the bottom of the window, until it is closed. */
const showNotice = (notice) => {
  const close = document.createElement('button');
  close.className = 'close';
  close.setAttribute('aria-label', 'Close');
  close.addEventListener('click', () => notice.remove());
  notice.append(close);
  if (notice.dataset.seconds !== undefined) {
    notice.tabIndex = -1;
    countDown(notice, () => {
      withoutUndo(notice);
      if (!notice.querySelector('a')) notice.remove();
    });
  }
  document.activeElement?.scrollIntoView({ block: 'nearest' });
};

const noticeIn = (page) => page.querySelector('main > .notice:not(#connection)');

/** Posts a form; its notice, and the page that it leads to. */
const postForm = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: 'POST', body });
  const text = await response.text();
  const notice = noticeIn(new DOMParser().parseFromString(text, 'text/html'));
  if (!response.ok || !notice) throw new Error(String(response.status));
  return { text, notice: document.importNode(notice, true) };
};

/** A decided card stays in its place, so that no other one moves under the finger. */
const collapse = (card, notice) => {
  const before = [...card.childNodes];
  card.style.minHeight = `${card.offsetHeight}px`;
  notice.className = 'decided';
  notice.tabIndex = -1;
  card.replaceChildren(notice);
  notice.focus({ preventScroll: true });
  const undo = notice.querySelector('[action="/undo"]');
  for (const button of undo?.querySelectorAll('button') ?? []) {
    button.disabled = true; // a second tap was meant for the first button
    setTimeout(() => {
      button.disabled = false;
    }, thinkMs);
  }
  undo?.addEventListener('submit', (event) => {
    event.preventDefault();
    void inPlace(card, undo, (result) => {
      if (result.classList.contains('bad')) return notice.replaceChildren(...result.childNodes);
      card.style.minHeight = '';
      card.replaceChildren(...before);
      card.querySelector('h2 a')?.focus({ preventScroll: true });
    });
  });
  if (notice.dataset.seconds !== undefined) countDown(notice, () => withoutUndo(notice));
};

const inPlace = async (card, form, act) => {
  card.inert = true;
  try {
    const { text, notice } = await postForm(form);
    card.inert = false;
    act(notice);
    latest++;
    show(text);
    askedAt = Number.NEGATIVE_INFINITY;
    void askAttention();
  } catch {
    card.inert = false;
    showConnection(stale);
  }
};

document.addEventListener('submit', (event) => {
  const form = event.target;
  const card = form.closest('#results article.entry');
  if (!card || form.getAttribute('action') !== '/move') return;
  event.preventDefault();
  void inPlace(card, form, (notice) => {
    if (!notice.classList.contains('bad')) return collapse(card, notice);
    noticeIn(document)?.remove();
    document.getElementById('connection').after(notice);
    showNotice(notice);
  });
});

/** Reads how much needs attention where a page does not know it any more, at most once a minute. */
let askedAt = Number.NEGATIVE_INFINITY;
const askAttention = async () => {
  if (!document.querySelector('#pages [data-attention=old]')) return;
  if (performance.now() - askedAt < announcedAttentionMs) return;
  askedAt = performance.now();
  try {
    const response = await fetch('/attention', { redirect: 'error' });
    if (response.ok) showAttention((await response.json()).count);
  } catch {
    // The next refresh shows that the console does not respond.
  }
};

const showAttention = (count) => {
  const link = document.querySelector('#pages a[href="/"]');
  link.querySelector('.count')?.remove();
  if (count === 0) return;
  const figure = Object.assign(document.createElement('span'), { className: 'count', textContent: count });
  const unseen = { className: 'unseen', textContent: ' need attention' };
  figure.append(Object.assign(document.createElement('span'), unseen));
  link.append(figure);
};

document.addEventListener('replaced', ({ target }) => {
  countIn(target);
  if (target.id === 'pages') askedAt = Number.NEGATIVE_INFINITY;
  void askAttention();
});

const first = noticeIn(document);
if (first) showNotice(first);
countIn(document);
void askAttention();
