import type { EnrichConfig } from '../../core/config/config.ts';
import { type ReadAnswer, readAnswer } from '../../core/enrich/answer.ts';
import { type Question, questionAbout } from '../../core/enrich/question.ts';
import type { StoredEntry } from '../../core/entries/stored-entry.ts';
import { AppError } from '../../core/errors.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { AskHook, Clock } from '../../core/ports.ts';
import type { TikTokPost } from '../../core/posts/tiktok-post.ts';

type Asked = { row: EntryRow; stored: StoredEntry | null; post: TikTokPost; preview: boolean };

const ask = async (
  { askHook }: { askHook: AskHook },
  hook: EnrichConfig,
  question: Question,
): Promise<{ answer: unknown } | { kind: 'unusable'; detail: string }> => {
  try {
    return { answer: await askHook(hook, question) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'unusable', detail: error.message };
  }
};

/** Asks a hook about a row with this post, once, and reads its answer. Its failures are `unusable`. Writes nothing. */
export const askAbout = async (
  deps: { askHook: AskHook; clock: Clock },
  hook: EnrichConfig,
  asked: Asked,
): Promise<ReadAnswer> => {
  const result = await ask(deps, hook, questionAbout(asked));
  return 'kind' in result ? result : readAnswer(result.answer, asked.post, deps.clock());
};
