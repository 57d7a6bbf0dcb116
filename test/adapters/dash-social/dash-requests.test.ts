import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { DashRequest } from '../../../lib/core/dash/dash-response.ts';

const open: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

const track = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  open.push({ server, sockets });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** A raw TCP server whose handler receives each piece of a request as it arrives. */
const raw = async (onData: (socket: Socket, text: string, connection: number) => void) => {
  const heard: string[] = [];
  let connections = 0;
  const port = await track(
    createServer((socket) => {
      connections += 1;
      const connection = connections;
      socket.on('data', (data) => {
        heard.push(data.toString());
        onData(socket, data.toString(), connection);
      });
    }),
  );
  return { url: `http://127.0.0.1:${port}/`, heard, connections: () => connections };
};

const timeouts = { connectTimeoutMs: 300, responseTimeoutMs: 120, clock: () => 1_000 };
const send = dashRequests(timeouts);
const request = (url: string, more: Partial<DashRequest> = {}): DashRequest => ({
  method: 'POST',
  url,
  token: 'secret',
  body: '{"text":"Grüße"}',
  ...more,
});
const ok = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('a request', () => {
  it('is sent whole, with token, type and length in bytes', async () => {
    const { url, heard } = await raw((socket) => socket.write(ok('{}')));

    const reply = await send(request(url));

    expect(reply).toMatchObject({ kind: 'response', response: { status: 200, body: '{}' } });
    expect(heard.join('')).toMatch(/^POST \/ HTTP\/1\.1\r\n/);
    expect(heard.join('')).toContain('authorization: Bearer secret\r\n');
    expect(heard.join('')).toContain('content-type: application/json\r\n');
    expect(heard.join('')).toContain('content-length: 18\r\n');
    expect(heard.join('')).toContain('\r\n\r\n{"text":"Grüße"}');
  });

  it('that may not be sent is kept back, with nothing written', async () => {
    const { url, heard } = await raw(() => {});

    const reply = await send(request(url, { canStillSend: () => false }));

    expect(reply).toEqual({ kind: 'kept' });
    expect(heard).toEqual([]);
  });

  it('checks whether it may be sent only after connecting', async () => {
    let asked = false;
    const canStillSend = () => {
      asked = true;
      return true;
    };
    const { url } = await raw(() => {});

    await send(request(url.replace('http:', 'https:'), { canStillSend })); // the TLS handshake never completes

    expect(asked).toBe(false);
  });

  it('checks only once whether it may be sent', async () => {
    const { url } = await raw((socket) => socket.write(ok('{}')));
    let asked = 0;
    const canStillSend = () => {
      asked += 1;
      return true;
    };

    await send(request(url, { canStillSend }));
    await send(request(url, { canStillSend }));

    expect(asked).toBe(2);
  });
});

describe('a request is certainly not sent', () => {
  it('when the connection is refused', async () => {
    const { url } = await raw(() => {});
    const [closing] = open.splice(0);
    closing?.server.close();
    if (closing) await once(closing.server, 'close');

    const reply = await send(request(url));

    expect(reply).toEqual({
      kind: 'failed',
      left: false,
      code: 'dash.unreachable',
      message: 'No response from Dash Social (ECONNREFUSED); nothing was sent',
    });
  });

  it('when the host name does not exist', async () => {
    const reply = await send(request('http://nowhere.invalid/'));

    expect(reply).toMatchObject({ kind: 'failed', left: false, code: 'dash.unreachable' });
  });

  it('when the TLS handshake fails', async () => {
    const { url, heard } = await raw((socket) => socket.end('this is no TLS'));

    const reply = await send(request(url.replace('http:', 'https:')));

    expect(reply).toMatchObject({ kind: 'failed', left: false, code: 'dash.unreachable' });
    expect(heard.join('')).not.toContain('secret');
  });

  it('when the TLS handshake never completes', async () => {
    const { url, heard } = await raw(() => {});

    const reply = await send(request(url.replace('http:', 'https:')));

    expect(reply).toMatchObject({ kind: 'failed', left: false, code: 'dash.unreachable' });
    expect(heard.join('')).not.toContain('secret');
  });

  it('when the certificate is not trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dash-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
      ],
      { stdio: 'ignore' },
    );
    const requests: string[] = [];
    const port = await track(
      createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming) => {
        requests.push(incoming.url ?? '');
      }),
    );
    rmSync(folder, { recursive: true });

    const reply = await send(request(`https://127.0.0.1:${port}/`));

    expect(reply).toMatchObject({
      kind: 'failed',
      left: false,
      code: 'dash.unreachable',
      message: expect.stringContaining('CERT'),
    });
    expect(requests).toEqual([]);
  });
});

describe('a request may have arrived', () => {
  const ends: { name: string; onData: (socket: Socket) => void; code: string }[] = [
    {
      name: 'a connection closed without a response',
      onData: (socket) => socket.end(),
      code: 'dash.cut-off',
    },
    {
      name: 'a connection reset without a response',
      onData: (socket) => socket.resetAndDestroy(),
      code: 'dash.cut-off',
    },
    {
      name: 'a response that is not HTTP',
      onData: (socket) => socket.end('what?\r\n\r\n'),
      code: 'dash.cut-off',
    },
    {
      name: 'a response cut off in its status line',
      onData: (socket) => socket.end('HTTP/1.1 20'),
      code: 'dash.cut-off',
    },
    {
      name: 'an unrequested upgrade',
      onData: (socket) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      code: 'dash.cut-off',
    },
    { name: 'silence', onData: () => {}, code: 'dash.timeout' },
    {
      name: 'only an interim response',
      onData: (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'),
      code: 'dash.timeout',
    },
  ];

  it.each(ends)('after $name', async ({ onData, code }) => {
    const { url } = await raw(onData);

    const reply = await send(request(url));

    expect(reply).toMatchObject({
      kind: 'failed',
      left: true,
      code,
      message: expect.stringContaining('the request was sent'),
    });
  });
});

describe('a response whose body is cut off', () => {
  const bodies: { name: string; onData: (socket: Socket) => void }[] = [
    {
      name: 'by a close',
      onData: (socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"id":'),
    },
    {
      name: 'by a reset',
      onData: (socket) => {
        socket.write('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"id":', () =>
          setImmediate(() => socket.destroy()),
        );
      },
    },
    {
      name: 'by silence',
      onData: (socket) => socket.write('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"id":'),
    },
    {
      name: 'in chunks without an end',
      onData: (socket) =>
        socket.end('HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"id":\r\n'),
    },
  ];

  it.each(bodies)('$name keeps its status', async ({ onData }) => {
    const { url } = await raw(onData);

    const reply = await send(request(url));

    expect(reply).toMatchObject({ kind: 'response', response: { status: 201, body: '{"id":' } });
  });

  it('because it is endless is truncated', async () => {
    const { url } = await raw((socket) => {
      socket.write('HTTP/1.1 201 Created\r\n\r\n');
      const more = () => socket.writable && socket.write('x'.repeat(65_536), () => setImmediate(more));
      more();
    });

    const reply = await send(request(url));

    expect(reply).toMatchObject({ kind: 'response', response: { status: 201 } });
    expect(reply.kind === 'response' && reply.response.body.length).toBeLessThanOrEqual(256 * 1_024);
  });
});

describe('a kept connection', () => {
  it('is reused', async () => {
    const { url, connections } = await raw((socket) => socket.write(ok('{}')));

    await send(request(url));
    await send(request(url));

    expect(connections()).toBe(1);
  });

  it('is not reused after a long idle time, as in a frozen Lambda', async () => {
    let now = 1_000;
    const sendLater = dashRequests({ ...timeouts, clock: () => now, maxIdleMs: 4_000 });
    const { url, connections } = await raw((socket) => socket.write(ok('{}')));
    await sendLater(request(url));

    now += 4_001;
    const reply = await sendLater(request(url));

    expect(reply).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect(connections()).toBe(2);
  });

  it.each([
    {
      how: 'closed',
      close: async (socket: Socket) => {
        socket.end();
        await once(socket, 'finish');
      },
    },
    { how: 'reset', close: async (socket: Socket) => socket.resetAndDestroy() },
  ])('that the server $how in the meantime is replaced transparently', async ({ close }) => {
    const served: Socket[] = [];
    const { url, heard } = await raw((socket) => {
      served.push(socket);
      socket.write(ok('{}'));
    });
    let asked = 0;
    const canStillSend = () => {
      asked += 1;
      return true;
    };
    await send(request(url, { canStillSend }));

    await close(served[0] as Socket);
    const reply = await send(request(url, { canStillSend }));

    expect(asked).toBe(2);
    expect(reply).toMatchObject({ kind: 'response', response: { status: 200 } });
    expect(heard).toHaveLength(2);
  });

  it('that is cut during the second request leaves its outcome unknown', async () => {
    let requests = 0;
    const { url, connections } = await raw((socket) => {
      requests += 1;
      if (requests === 1) socket.write(ok('{}'));
      else socket.destroy();
    });
    await send(request(url));

    const reply = await send(request(url));

    expect(reply).toMatchObject({ kind: 'failed', left: true, code: 'dash.cut-off' });
    expect(connections()).toBe(1);
  });
});

it('redirects are never followed', async () => {
  const { url, heard } = await raw((socket) =>
    socket.write('HTTP/1.1 307 Temporary Redirect\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n'),
  );

  const reply = await send(request(url));

  expect(reply).toMatchObject({ kind: 'response', response: { status: 307 } });
  expect(heard).toHaveLength(1);
});
