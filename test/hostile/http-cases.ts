import { gzipSync } from 'node:zlib';
import { build, built } from './command-case.ts';
import { type HostileCase, must } from './hostile-case.ts';
import { file, tarOf } from './raw-tar.ts';
import type { KilnRun, Rig } from './rig.ts';
import { serve, serveBytes, type HostileServer, type Misbehaviour } from './server.ts';

const content = 'content '.repeat(1000);

interface HttpCase {
  readonly name: string;
  readonly answer: Misbehaviour;
  readonly expected: RegExp | 'right';
  /** Of ADD. */
  readonly flags?: string;
  readonly run?: KilnRun;
  /** What the server must have seen. */
  readonly seen?: (server: HostileServer) => boolean;
}

const table: readonly HttpCase[] = [
  {
    name: 'one byte a second, until it is interrupted',
    answer: (_, response) => {
      drip(response.writeHead(200, { 'content-length': 1000 }));
    },
    run: { interrupt: /\[1\/1\] ADD|http/, limit: 30_000 },
    expected: /./,
  },
  {
    name: 'no end, with a limit',
    answer: (_, response) => {
      response.writeHead(200);
      flood(response);
    },
    run: { env: { KILN_UNPACK_BYTES: '8m' } },
    expected: /is larger than 8388608 bytes[^]*KILN_UNPACK_BYTES/,
  },
  {
    name: 'a redirect to itself',
    answer: (request, response) => response.writeHead(302, { location: request.url }).end(),
    expected: /stopped after 10 redirects/,
  },
  {
    name: 'redirects that never end',
    answer: (_, response, count) => response.writeHead(307, { location: `/${count}` }).end(),
    expected: /stopped after 10 redirects/,
  },
  ...['file:///etc/passwd', 'ftp://127.0.0.1/x', 'data:text/plain,x', 'javascript:1'].map((location): HttpCase => ({
    name: `a redirect to ${location}`,
    answer: (_, response) => response.writeHead(302, { location }).end(),
    expected: /unsupported protocol scheme/,
  })),
  {
    name: 'a redirect to no URL',
    answer: (_, response) => response.writeHead(302, { location: 'http://[' }).end(),
    expected: /redirected to something that is no URL/,
  },
  {
    name: 'more than it says',
    answer: (_, response) => {
      response.strictContentLength = false;
      response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n${content}`);
    },
    expected: 'right',
  },
  {
    name: 'less than it says',
    answer: (_, response) => response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n${content}`),
    expected: /failed to download .*connection reset|aborted/,
  },
  {
    name: 'no length, and then nothing more',
    answer: (_, response) => response.socket?.end(`HTTP/1.0 200 OK\r\n\r\n${content}`),
    expected: 'right',
  },
  {
    name: 'another checksum',
    answer: (_, response) => response.end(content),
    flags: `--checksum=sha256:${'0'.repeat(64)}`,
    expected: /digest mismatch sha256:\w+: sha256:0{64}/,
  },
  {
    name: 'a header of a megabyte',
    answer: (_, response) => response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(2 ** 20)}\r\n\r\n`),
    expected: /failed to download/,
  },
  {
    name: 'a hundred thousand headers',
    answer: (_, response) => response.socket?.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`),
    expected: /failed to download/,
  },
  {
    name: 'what it says is packed, and is not',
    answer: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(content),
    expected: /failed to download .*incorrect header check/,
  },
  {
    name: 'ten gibibytes of zeros, packed for the way',
    answer: (_, response) => {
      const part = gzipSync(Buffer.alloc(2 ** 24), { level: 9 });
      response.writeHead(200, { 'content-encoding': 'gzip' });
      for (let at = 0; at < 640; at++) response.write(part);
      response.end();
    },
    run: { env: { KILN_UNPACK_BYTES: '100m' } },
    expected: /is larger than 104857600 bytes/,
  },
  ...['yesterday', '-1', 'Thu, 99 Foo 99999 99:99:99 GMT', 'Thu, 01 Jan 99999 00:00:00 GMT', '\x80\xff'].map(
    (time): HttpCase => ({
      name: `Last-Modified: ${JSON.stringify(time)}`,
      answer: (_, response) => response.writeHead(200, { 'last-modified': time }).end(content),
      expected: 'right',
    }),
  ),
  {
    name: 'a connection that breaks, and goes on',
    answer: (request, response, count) => {
      const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
      const rest = content.slice(Number(from));
      const headers = { etag: '"1"', 'content-length': rest.length, 'content-range': `bytes ${from}-7999/8000` };
      response.writeHead(from === '0' ? 200 : 206, headers);
      response.write(rest.slice(0, 3000), () => {
        // What has not been read when the connection breaks is lost.
        setTimeout(() => (count < 3 ? response.destroy() : response.end(rest.slice(3000))), 300);
      });
    },
    expected: 'right',
    seen: ({ requests }) => requests.length === 3 && requests[2]?.headers.range === 'bytes=6000-',
  },
  {
    name: 'a connection that breaks, and goes on with another file',
    answer: (_, response, count) => {
      const isFirst = count === 1;
      response.writeHead(200, { etag: `"${count}"`, 'content-length': content.length });
      response.write(isFirst ? 'x'.repeat(3000) : content, () => (isFirst ? response.destroy() : response.end()));
    },
    expected: 'right',
  },
  {
    name: 'a connection that breaks, and goes on at another place',
    answer: (request, response, count) => {
      const isFirst = count === 1;
      if (isFirst) response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      else if (request.headers.range === undefined) response.writeHead(200, { etag: '"1"' });
      else response.writeHead(206, { etag: '"1"', 'content-range': 'bytes 5-7999/8000' });
      response.write(isFirst ? content.slice(0, 3000) : content, () => (isFirst ? response.destroy() : response.end()));
    },
    expected: 'right',
  },
  {
    name: 'a connection that breaks after every byte',
    answer: (request, response) => {
      const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
      const headers = {
        etag: '"1"',
        'content-length': 8000 - Number(from),
        'content-range': `bytes ${from}-7999/8000`,
      };
      response.writeHead(from === '0' ? 200 : 206, headers);
      response.write('c', () => response.destroy());
    },
    expected: /failed to download/,
    run: { limit: 90_000 },
  },
  {
    name: 'a range that cannot be had',
    answer: (request, response, count) => {
      if (request.headers.range !== undefined) response.writeHead(416).end();
      else if (count > 1) response.end(content);
      else response.writeHead(200, { etag: '"1"', 'content-length': 8000 }).write('content ', () => response.destroy());
    },
    expected: 'right',
  },
  {
    name: '500, and then the file',
    answer: (_, response, count) => (count < 3 ? response.writeHead(500).end() : response.end(content)),
    expected: 'right',
    seen: ({ requests }) => requests.length === 3,
  },
  {
    name: '500 for ever',
    answer: (_, response) => response.writeHead(500).end(),
    expected: /invalid response status 500/,
  },
  {
    name: '429, and a second to wait',
    answer: (_, response, count) =>
      count < 2 ? response.writeHead(429, { 'retry-after': '1' }).end() : response.end(content),
    expected: 'right',
  },
  {
    name: '304 though nothing was there before',
    answer: (_, response) => response.writeHead(304).end(),
    expected: /invalid response status 304/,
  },
  {
    name: 'a name that leads out',
    answer: (_, response) =>
      response.writeHead(200, { 'content-disposition': 'attachment; filename="../../x"' }).end(content),
    expected: 'right',
  },
];

const raw: readonly (readonly [string, string, RegExp | 'right'])[] = [
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', /failed to download/],
  ['chunks of garbage', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzzz\r\ngarbage', /failed to download/],
  [
    'chunks of negative length',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nhello',
    /failed to download/,
  ],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!', /failed to download/],
  ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\nhello', /failed to download/],
  [
    'a length of 2 to the power of 70',
    'HTTP/1.1 200 OK\r\ncontent-length: 1180591620717411303424\r\n\r\nhello',
    /failed to download/,
  ],
];

/** Servers that ADD and contexts are to be had from. */
export const httpCases: readonly HostileCase[] = [
  ...table.map(({ name, answer, expected, flags = '', run, seen = () => true }) => ({
    name: `a server that gives ${name}`,
    run: async (rig: Rig) => {
      await using server = await serve(answer);
      await add(rig, server, expected, { flags, ...run });
      must(seen(server), () => server.requests.map(({ headers }) => JSON.stringify(headers)).join('\n'));
    },
  })),
  ...raw.map(([name, bytes, expected]) => ({
    name: `a server that gives ${name}`,
    run: async (rig: Rig) => {
      await using server = await serveBytes((socket) => socket.end(bytes));
      await add(rig, server, expected, { limit: 90_000 });
    },
  })),
  {
    name: 'a context from the web that leads out',
    run: async (rig) => {
      const tar = tarOf(file('Dockerfile', 'FROM scratch\nCOPY . /\n'), file(`../../${rig.canary.path}/file`));
      await using server = await serve((_, response) => response.end(tar));
      await build(rig, [`http://${server.domain}/context.tar`], 'right');
      must((await built(rig)).get(`${rig.canary.path.slice(1)}/file`) === 'file x', () => 'it is not there');
    },
  },
  {
    name: 'a context from the web without end',
    run: async (rig) => {
      await using server = await serve((_, response) => {
        flood(response);
      });
      const args = [`http://${server.domain}/context.tar`];
      await build(rig, args, /is larger than 8388608 bytes/, { env: { KILN_UNPACK_BYTES: '8m' } });
    },
  },
];

interface AddRun extends KilnRun {
  readonly flags?: string;
}

async function add(rig: Rig, { domain }: HostileServer, expected: RegExp | 'right', { flags = '', ...run }: AddRun) {
  const context = rig.context({ Dockerfile: `FROM scratch\nADD ${flags} http://${domain}/file /file\n` });
  await build(rig, [context], expected, run);
  if (expected !== 'right') return;
  const found = (await built(rig)).get('file') ?? '';
  must(/^file (?:8000 bytes|content co)$/.test(found), () => `the file is ${found}`);
}

function drip(response: NodeJS.WritableStream & { readonly destroyed?: boolean }): void {
  const timer = setInterval(() => response.write('x'), 1000);
  response.on('close', () => {
    clearInterval(timer);
  });
}

function flood(response: NodeJS.WritableStream): void {
  const chunk = Buffer.alloc(2 ** 16, 'x');
  let isOpen = true;
  response.on('close', () => (isOpen = false));
  const more = (): void => {
    while (isOpen && response.write(chunk));
    if (isOpen) response.once('drain', more);
  };
  more();
}
