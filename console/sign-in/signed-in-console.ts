import { type Person, personIn, roleOf, signatureOf } from '../../lib/core/access/authorize.ts';
import { newAttempt } from '../../lib/core/access/sign-in.ts';
import type { ReportVisit } from '../../lib/core/access/visit-event.ts';
import type { ConsoleConfig } from '../../lib/core/config/config.ts';
import { AppError } from '../../lib/core/errors.ts';
import type { ConsoleContext } from '../context.ts';
import { checkSource } from '../guard.ts';
import { readForm } from '../read-form.ts';
import { type ConsoleRequest, urlOf } from '../request.ts';
import { failed, replyTo } from '../respond.ts';
import { bare, type ConsoleResponse, seeOther } from '../response.ts';
import { signedNotices } from '../signed-notices.ts';
import { staticFile } from '../static-files.ts';
import { redirectPath, type SignIn } from './open-sign-in.ts';
import { endedPage, failedPage, refusedPage, setupPage, signedOutPage } from './pages.ts';
import type { Session, Sessions } from './session.ts';

/** A context to which each request adds its visitor. */
export type VisitedContext = Omit<ConsoleContext, 'by' | 'visitor' | 'token' | 'notices' | 'onAction'>;

type Needs = {
  context: VisitedContext;
  console: ConsoleConfig;
  signIn: () => Promise<SignIn>;
  report: ReportVisit;
};

type Opened = Needs & Exclude<SignIn, { missing: string[] }>;

/**
 * The console for people who sign in: every request without a session leads to the identity provider, and what a
 * session may do is judged each time by the current feeds.yml. Never rejects.
 */
export const signedInConsole =
  (needs: Needs) =>
  async (request: ConsoleRequest): Promise<ConsoleResponse> => {
    try {
      return await replyOutside(needs, request);
    } catch (error) {
      if (error instanceof AppError)
        needs.report({ event: 'console.failed', code: error.code, message: error.message });
      else needs.context.onError(error);
      return error instanceof AppError
        ? failedPage(error.kind === 'config' ? configWords : error.message, statusOf(error))
        : failedPage('An unexpected error occurred. The log of the console shows the details.', 500);
    }
  };

const configWords = 'The console is not configured correctly. Its log shows what is wrong.';
const statusOf = ({ kind }: AppError): number => ({ retryable: 503, permanent: 400, config: 500 })[kind];

const isRead = ({ method }: ConsoleRequest): boolean => method === 'GET' || method === 'HEAD';

const replyOutside = async (needs: Needs, request: ConsoleRequest): Promise<ConsoleResponse> => {
  const { pathname, searchParams } = urlOf(request);
  if (isRead(request) && pathname.startsWith('/static/'))
    return staticFile(pathname.slice('/static/'.length)) ?? bare(404, 'There is no such file.');
  const signIn = await needs.signIn();
  if ('missing' in signIn) return setupPage(signIn.missing, `${request.origin}${redirectPath}`);
  const opened = { ...needs, ...signIn };
  if (isRead(request)) {
    if (pathname === '/sign-in') return begin(opened, request, searchParams.get('to') ?? '/');
    if (pathname === redirectPath) return finish(opened, request);
    if (pathname === '/signed-out') return signedOutPage();
  }
  const session = await opened.sessions.read(request);
  if (session) return inSession(opened, request, session);
  return isRead(request) ? toSignIn(pathname, request) : endedPage();
};

const toSignIn = (pathname: string, { target }: ConsoleRequest): ConsoleResponse =>
  seeOther(pathname === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(target)}`);

const begin = async (
  { provider, sessions }: Opened,
  request: ConsoleRequest,
  to: string,
): Promise<ConsoleResponse> => {
  const attempt = newAttempt(to.slice(0, 1_000));
  const address = await provider.authorize(attempt);
  return { ...seeOther(address.href), cookies: await sessions.remember(request, attempt) };
};

/** A page of the console, whatever address was asked for. */
const pageOf = (to: string): string => {
  const { pathname, search } = urlOf({ target: to.startsWith('/') ? to : '/' });
  return `${pathname.replace(/^\/+/, '/')}${search}`;
};

/** The browser is back from the provider. */
const finish = async (opened: Opened, request: ConsoleRequest): Promise<ConsoleResponse> => {
  const { console, provider, sessions, report } = opened;
  const url = new URL(`${redirectPath}${urlOf(request).search}`, request.origin);
  const { attempt, forget } = await sessions.recall(request, url.searchParams.get('state') ?? '');
  if (attempt === null)
    return {
      ...failedPage('This sign-in has expired, or was started in another browser.', 400),
      cookies: [forget],
    };
  const claims = await provider.claims(url, attempt);
  const person = personIn(console, claims);
  if (roleOf(console, person) === null) {
    report({ event: 'console.refused', subject: person.subject, claims: Object.keys(claims).toSorted() });
    return { ...refusedPage(person.shown), cookies: [forget, sessions.end()] };
  }
  report({ event: 'console.signed-in', subject: person.subject, person: signatureOf(person) });
  return { ...seeOther(pageOf(attempt.to)), cookies: [forget, await sessions.begin(person)] };
};

const inSession = async (
  opened: Opened,
  request: ConsoleRequest,
  session: Session,
): Promise<ConsoleResponse> => {
  const { person, token } = session;
  const role = roleOf(opened.console, person);
  if (role === null) return noLonger(opened, person);
  const { pathname } = urlOf(request);
  const context: ConsoleContext = {
    ...opened.context,
    by: signatureOf(person),
    visitor: { shown: person.shown, role },
    token,
    notices: signedNotices(opened.context.clock, token),
    onAction: (path) =>
      opened.report({ event: 'console.acted', subject: person.subject, person: signatureOf(person), path }),
  };
  try {
    return pathname === '/sign-out' && !isRead(request)
      ? await signOut(opened.sessions, request, token)
      : await replyTo(context, request);
  } catch (error) {
    return failed(context, error);
  }
};

const noLonger = ({ sessions, report }: Opened, { subject, shown }: Person): ConsoleResponse => {
  report({ event: 'console.refused', subject, claims: [] });
  return { ...refusedPage(shown), cookies: [sessions.end()] };
};

const signOut = async (
  sessions: Sessions,
  request: ConsoleRequest,
  token: string,
): Promise<ConsoleResponse> => {
  const form = await readForm(request);
  checkSource(request, form.get('token'), token);
  return { ...seeOther('/signed-out'), cookies: [sessions.end()] };
};
