import { includes, type Role } from '../lib/core/access/role.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { Response } from '../local/site.ts';
import { type Action, pause, pollNow, resume } from './actions.ts';
import { activity } from './activity.ts';
import { keep, update } from './change-actions.ts';
import { type ConsoleContext, readSnapshot } from './context.ts';
import { confirmMany, decideMany } from './decide-many.ts';
import { edit, snooze, undo } from './edit-actions.ts';
import { entries } from './entries.ts';
import { entry } from './entry.ts';
import { feed } from './feed.ts';
import { feeds } from './feeds.ts';
import { checkSource, isEmbeddedHere, ownOrigin } from './guard.ts';
import { html } from './html.ts';
import { inbox } from './inbox.ts';
import { layout } from './layout.ts';
import { move } from './move-action.ts';
import { overview } from './overview.ts';
import { preview } from './preview.ts';
import { purge, rawRow } from './purge.ts';
import { readForm } from './read-form.ts';
import { type ConsoleRequest, requestTo, urlOf } from './request.ts';
import { bare, type ConsoleResponse, json, page, send } from './response.ts';
import { schedule } from './schedule.ts';
import { staticFile } from './static-files.ts';
import { thumbnail } from './thumbnail.ts';
import { webhooks } from './webhooks.ts';

/** The console of this machine as a request handler; every request gets a response. */
export const consoleResponse =
  (context: ConsoleContext): Response =>
  (request, response) => {
    const reply = async () => replyTo(context, requestTo(ownOrigin(request), request));
    void reply()
      .catch((error: unknown) => failed(context, error))
      .then((reply) => send(response, reply, request.method !== 'HEAD'))
      .catch(context.onError);
    return true;
  };

/** The reply to a request of the context's visitor. Throws what `failed` shows. */
export const replyTo = async (context: ConsoleContext, request: ConsoleRequest): Promise<ConsoleResponse> => {
  const url = urlOf(request);
  if (request.method === 'GET' || request.method === 'HEAD')
    return (await shown(context, request, url)) ?? lost(context);
  const posted = request.method === 'POST' ? actionAt(url.pathname) : null;
  if (!posted)
    return bare(405, 'Pages are read with GET; only their forms are posted.', { allow: 'GET, HEAD' });
  const form = await readForm(request);
  checkSource(request, form.get('token'), context.token);
  checkRole(context, posted.role);
  context.onAction(url.pathname);
  const { latest } = context.attention; // what needs attention may have changed
  context.attention.latest = latest && { ...latest, at: 0 };
  return posted.act(context, form);
};

/** Throws permanent `console.not-allowed`. */
const checkRole = ({ visitor }: ConsoleContext, needed: Role): void => {
  if (visitor === null || includes(visitor.role, needed)) return;
  throw permanent(
    'console.not-allowed',
    `Your role is ${visitor.role}, and this needs the role ${needed}. It is given in feeds.yml (console, roles).`,
  );
};

const feedAt = /^\/feeds\/([^/]+)(\/poll|\/preview)?$/;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const shown = async (
  context: ConsoleContext,
  request: ConsoleRequest,
  url: URL,
): Promise<ConsoleResponse | null> => {
  const { pathname, searchParams: query } = url;
  const notice = () => context.notices.take(query.get('notice'));
  if (pathname === '/') return inbox(context, notice());
  if (pathname === '/attention') return json({ count: (await readSnapshot(context)).attention.count });
  if (pathname === '/overview') return overview(context, notice());
  if (pathname === '/activity') return activity(context, query, notice());
  if (pathname === '/schedule') return schedule(context, notice());
  if (pathname === '/feeds') return feeds(context, query, notice());
  if (pathname === '/webhooks') return webhooks(context, notice());
  if (pathname === '/entries') return entries(context, query, notice());
  if (pathname === '/entry') return entry(context, query.get('key') ?? '', notice());
  if (pathname === '/row') {
    checkRole(context, 'operator');
    return rawRow(context, query.get('key') ?? '');
  }
  if (pathname === '/thumbnail' && isEmbeddedHere(request))
    return thumbnail(context, query.get('key') ?? '', query.get('picture'));
  if (pathname.startsWith('/static/')) return staticFile(pathname.slice('/static/'.length));
  const [, id, act] = feedAt.exec(pathname) ?? [];
  return id !== undefined && act === undefined ? feed(context, decoded(id), notice()) : null;
};

/** What a form does, and the role that it needs. */
type Posted = { act: Action; role: Role };

const actions: Record<string, Posted> = {
  '/pause': { act: pause, role: 'operator' },
  '/resume': { act: resume, role: 'operator' },
  '/move': { act: move, role: 'editor' },
  '/select': { act: confirmMany, role: 'editor' },
  '/moves': { act: decideMany, role: 'editor' },
  '/edit': { act: edit, role: 'editor' },
  '/keep-draft': { act: keep, role: 'editor' },
  '/update-draft': { act: update, role: 'editor' },
  '/snooze': { act: snooze, role: 'editor' },
  '/undo': { act: undo, role: 'editor' },
  '/purge': { act: purge, role: 'operator' },
};

const actionAt = (pathname: string): Posted | null => {
  const [, id, act] = feedAt.exec(pathname) ?? [];
  if (id !== undefined && act === '/poll') return { act: pollNow(decoded(id)), role: 'editor' };
  if (id !== undefined && act === '/preview')
    return { act: (context) => preview(context, decoded(id)), role: 'editor' };
  return Object.hasOwn(actions, pathname) ? (actions[pathname] ?? null) : null;
};

const messagePage = (
  context: ConsoleContext,
  status: number,
  title: string,
  words: string,
): ConsoleResponse => {
  const body = html`<h1>${title}</h1><p class="lead">${words}</p><p><a class="action" href="/">To the inbox</a></p>`;
  return page(layout(context, null, { title, here: null, body }), status);
};

const lost = (context: ConsoleContext): ConsoleResponse =>
  messagePage(context, 404, 'Page not found', 'The address may be incomplete, or from another version.');

const statuses: Record<string, number> = {
  'console.wrong-host': 421,
  'console.foreign-origin': 403,
  'console.old-page': 403,
  'console.not-allowed': 403,
  'console.bad-form': 400,
  'batch.unknown': 404,
  'entry.unknown': 404,
  'feed.unknown': 404,
};

const statusOf = ({ code, kind }: AppError): number =>
  statuses[code] ?? { retryable: 503, permanent: 409, config: 500 }[kind];

/** An error as a page; as plain text when the Host header is not ours. */
export const failed = (context: ConsoleContext, error: unknown): ConsoleResponse => {
  if (!(error instanceof AppError)) {
    context.onError(error);
    return messagePage(
      context,
      500,
      'Unexpected error',
      'The log of the console, or the terminal in which it runs, shows the details.',
    );
  }
  if (error.code === 'console.wrong-host') return bare(421, error.message);
  const status = statusOf(error);
  if (status === 404) return messagePage(context, status, 'Not found', error.message);
  const title = error.kind === 'retryable' ? 'Try again' : 'Nothing was changed';
  return messagePage(context, status, title, error.message);
};
