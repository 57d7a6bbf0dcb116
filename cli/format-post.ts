import { postBody } from '../lib/core/posts/post-body.ts';
import type { PostNote } from '../lib/core/posts/post-notes.ts';
import type { TikTokPost } from '../lib/core/posts/tiktok-post.ts';
import { beforeFold, type RuleCheck } from '../lib/core/posts/tiktok-rules.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A caption as TikTok shows it: what is behind the fold is dimmed. */
const captionLines = (page: Page, text: string): string[] => {
  const shown = beforeFold(text).length;
  let at = 0;
  return text.split('\n').map((line) => {
    const seen = Math.min(line.length, Math.max(0, shown - at));
    at += line.length + 1;
    const [before, after] = [plain(line.slice(0, seen)), plain(line.slice(seen))];
    const gap =
      /\s/.test(line.slice(Math.max(0, seen - 1), seen + 1)) && before !== '' && after !== '' ? ' ' : '';
    return `  │ ${before}${gap}${after === '' ? '' : page.paint('dim', after)}`;
  });
};

/** A post exactly as it is sent: its caption line by line, then every other field. */
export const postLines = (page: Page, post: TikTokPost): string[] => {
  const { text, ...fields } = JSON.parse(postBody(post)) as Record<string, unknown>;
  const others = Object.entries(fields).map(([name, value]) => `${name}: ${plain(valueText(value))}`);
  return [...captionLines(page, String(text ?? '')), `  ${page.paint('dim', others.join(' · '))}`];
};

/** Each rule of TikTok, ticked or failed. */
export const ruleLines = (page: Page, rules: readonly RuleCheck[]): string[] =>
  rules.map(({ rule, ok, text }) => {
    const sign = ok ? page.paint('green', '✓') : page.paint('red', '✗');
    return `  ${sign} ${rule.padEnd(11)}${plain(text)}`;
  });

/** Notes beside the rules; warnings stand out. */
export const noteLines = (page: Page, notes: readonly PostNote[]): string[] =>
  notes.map(({ about, warns, text }) => {
    const sign = warns ? page.paint('yellow', '!') : page.paint('dim', '·');
    return `  ${sign} ${about.padEnd(11)}${about.length < 11 ? '' : ' '}${plain(text)}`;
  });
