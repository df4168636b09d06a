import { createServer } from 'node:http';
import process from 'node:process';
import { greet } from './greeting.js';

const port = Number(process.env.PORT ?? 3000);
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').searchParams.get('name') ?? 'world';
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify(greet(name, process.uptime()))}\n`);
});

server.listen(port, () => {
  console.log(`listening on port ${port}, Node.js ${process.version}`);
});

// The first process of a container gets no default action for signals.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
