import * as v from 'valibot';
import { titleOf } from '../lib/core/entries/title-of.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import { keepDraft } from '../lib/jobs/operator/keep-draft.ts';
import { requestUpdate } from '../lib/jobs/operator/request-update.ts';
import { type Action, back } from './actions.ts';
import type { Notice } from './notices.ts';

const Key = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));

const keyIn = (form: URLSearchParams): string => {
  const key = form.get('key');
  if (v.is(Key, key)) return key;
  throw permanent('console.bad-form', 'That form cannot be read: it names no entry.');
};

/** Someone else may have decided in the meantime. */
const orRefusal = async (work: () => Promise<Notice>): Promise<Notice> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('article.'))) throw error;
    return { words: error.message, bad: true };
  }
};

/** Leaves a draft as it is although its article changed. */
export const keep: Action = async (context, form) => {
  const { target, clock, by } = context;
  const notice = await orRefusal(async () => {
    const row = await keepDraft({ ...target, clock }, keyIn(form), { by });
    return { words: `The draft of “${titleOf(row)}” stays as it is.`, bad: false };
  });
  return back(context, form.get('back'), notice);
};

/** Asks for a draft to be changed with its article. */
export const update: Action = async (context, form) => {
  const { target, clock, by } = context;
  const unchecked = form.get('unchecked') === 'yes';
  const notice = await orRefusal(async () => {
    const row = await requestUpdate({ ...target, clock }, keyIn(form), { by, unchecked });
    return {
      words: `The draft of “${titleOf(row)}” is being changed; this page shows the result.`,
      bad: false,
    };
  });
  return back(context, form.get('back'), notice);
};
