// The editor of a post: a decision saves what is in it, and leaving the page asks first. After console.js.

const editorOf = () => document.querySelector('form.editor');

const isEdited = (form) =>
  [...form.querySelectorAll('input:not([type=hidden]), textarea')].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );

/** The buttons that decide say whether they save first. */
const nameDecisions = () => {
  const form = editorOf();
  if (!form) return;
  const edited = isEdited(form);
  for (const button of document.querySelectorAll(`button[form="${form.id}"][formaction]`)) {
    const [text] = button.childNodes;
    button.dataset.words ??= text.data;
    const { words } = button.dataset;
    text.data = edited ? `Save and ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
  }
};
document.addEventListener('input', nameDecisions);
document.addEventListener('change', nameDecisions);
nameDecisions();

let isSent = false;
addEventListener('submit', ({ target }) => {
  if (target.matches('form.editor')) isSent = true;
});
addEventListener('pageshow', () => {
  isSent = false;
  nameDecisions();
});
addEventListener('beforeunload', (event) => {
  const form = editorOf();
  if (form && !isSent && isEdited(form)) event.preventDefault();
});

// What was saved is confirmed where the button was pressed.
const hasSaved = document.querySelector('main > .notice.good')?.textContent.startsWith('Saved');
if (hasSaved && place?.id.endsWith('-save'))
  document
    .getElementById(place.id)
    ?.after(Object.assign(document.createElement('span'), { className: 'saved', textContent: 'Saved' }));
