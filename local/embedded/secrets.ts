import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { ourAccess } from './access.ts';
import { guard, keyIn } from './guard.ts';
import { closeServer, listen } from './listen.ts';

export type EmbeddedSecrets = {
  endpoint: string;
  /** Stores a secret or a new version of it, as in the AWS console. */
  put: (id: string, value: string) => void;
  close: () => Promise<void>;
};

type Response = { status: number; body: Record<string, unknown> };

const failure = (type: string, message: string): Response => ({
  status: 400,
  body: { __type: type, message, Message: message },
});

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const getSecretValue = (secrets: ReadonlyMap<string, string>, id: unknown): Response => {
  if (typeof id !== 'string' || id === '')
    return failure('InvalidParameterException', 'SecretId must be given');
  const value = secrets.get(id);
  if (value === undefined)
    return failure('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return { status: 200, body: { Name: id, SecretString: value, VersionStages: ['AWSCURRENT'] } };
};

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
const putSecretValue = (secrets: Map<string, string>, id: string, value: unknown): Response => {
  if (!secrets.has(id))
    return failure('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  if (typeof value !== 'string' || value === '')
    return failure('InvalidParameterException', 'SecretString must be given');
  secrets.set(id, value);
  return { status: 200, body: { Name: id, VersionStages: ['AWSCURRENT'] } };
};

type SecretRequest = { SecretId?: unknown; SecretString?: unknown };

const actions: Record<string, (secrets: Map<string, string>, request: SecretRequest) => Response> = {
  'secretsmanager.GetSecretValue': (secrets, { SecretId }) => getSecretValue(secrets, SecretId),
  'secretsmanager.PutSecretValue': (secrets, { SecretId, SecretString }) =>
    putSecretValue(secrets, String(SecretId), SecretString),
};

const respond = async (request: IncomingMessage, secrets: Map<string, string>): Promise<Response> => {
  const name = String(request.headers['x-amz-target']);
  const action = actions[name];
  if (!action) return failure('UnknownOperationException', `Not embedded: ${name}`);
  try {
    return action(secrets, (await json(request)) as SecretRequest);
  } catch {
    return failure('SerializationException', 'The body is not JSON');
  }
};

/** Secrets Manager on 127.0.0.1 with the secrets in `values`, by name or ARN. Throws config `local.port-busy`. */
export const startSecrets = async ({
  values = {},
  port = 0,
}: {
  values?: Record<string, string>;
  port?: number;
} = {}): Promise<EmbeddedSecrets> => {
  const secrets = new Map(Object.entries(values));
  const server = createServer(async (request, response) => {
    const { status, body } = await respond(request, secrets);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  guard(server, { key: ourAccess().credentials.accessKeyId, keyOf: keyIn.signature });
  const endpoint = await listen(server, 'Secrets Manager', port);
  return { endpoint, put: (id, value) => void secrets.set(id, value), close: () => closeServer(server) };
};
