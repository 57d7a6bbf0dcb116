import { type Child, type Html, html } from '../html.ts';
import { head } from '../layout.ts';
import { type ConsoleResponse, page } from '../response.ts';

type Sheet = { title: string; body: Child; status?: number };

/** A page for somebody who is not in the console: it shows nothing of it. */
const outside = ({ title, body, status = 200 }: Sheet): ConsoleResponse =>
  page(
    html`<html lang="en">
${head(title)}
<body data-every="0"><main id="main" class="outside"><h1>${title}</h1>
${body}
</main></body>
</html>`,
    status,
  );

const signInLink = (words: string): Html => html`<p><a class="action" href="/sign-in">${words}</a></p>`;

export const signedOutPage = (): ConsoleResponse =>
  outside({
    title: 'You are signed out',
    body: html`<p>Your identity provider may still keep you signed in. On a shared computer, sign out there, too.</p>${signInLink('Sign in')}`,
  });

export const endedPage = (): ConsoleResponse =>
  outside({
    title: 'Your session has ended',
    body: html`<p>Nothing was changed. Sign in, and do it again.</p>${signInLink('Sign in')}`,
    status: 401,
  });

export const refusedPage = (shown: string): ConsoleResponse =>
  outside({
    title: 'You have no access',
    body: html`<p>You are signed in as <strong>${shown}</strong>, but this console does not admit you. Ask the people who run it to add you to <code>allow</code> in feeds.yml.</p>${signInLink('Sign in as somebody else')}`,
    status: 403,
  });

export const failedPage = (message: string, status: number): ConsoleResponse =>
  outside({
    title: 'You are not signed in',
    body: html`<p>${message}</p>${signInLink('Try again')}`,
    status,
  });

/** What is missing before anybody can sign in. */
export const setupPage = (missing: string[], redirectUri: string): ConsoleResponse =>
  outside({
    title: 'The console is not set up yet',
    body: html`<p>Nobody can sign in until this is done:</p>
<ol>${missing.map((words) => html`<li>${words}</li>`)}</ol>
<p>The redirect address to register at your identity provider:</p><pre tabindex="0">${redirectUri}</pre>`,
  });
