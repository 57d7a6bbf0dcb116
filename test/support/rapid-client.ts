import { Agent, request } from 'node:http';

// Replaces the native addon of AWS's runtime client, which is built by an install script that does not run here. It
// has the same three functions, based on node:http.
const api = new URL(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`);
const agent = new Agent({ keepAlive: true });

type Response = { bodyJson: string; headers: Record<string, string | string[] | undefined> };

const call = (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
  new Promise<Response>((resolve, reject) => {
    const sent = request(new URL(path, api), { method, agent, headers }, (response) => {
      let bodyJson = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        bodyJson += chunk;
      });
      response.on('end', () => resolve({ bodyJson, headers: response.headers })).on('error', reject);
    });
    sent.on('error', reject).end(body);
  });

/** The last response: the addon posts before it returns, so that the next request waits for it. */
let posted: Promise<unknown> = Promise.resolve();

export const next = async (): Promise<Response> => {
  await posted;
  return call('GET', 'next');
};

export const done = (id: string, body: string): void => {
  posted = call('POST', `${id}/response`, body);
};

export const error = (id: string, body: string, xray: string): void => {
  posted = call('POST', `${id}/error`, body, {
    'lambda-runtime-function-xray-error-cause': Buffer.from(xray).toString('latin1'), // its bytes unchanged
  });
};
