import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallEvent } from '@dialmark/shared';
import { Webhook } from 'standardwebhooks';

/** A webhook that came in and whose signature the specification's own library accepted. */
interface Received {
  id: string;
  event: CallEvent;
}

/** A business's own server: it verifies what it gets, and answers as it is told to. */
export async function receiveWebhooks() {
  const accepted: Received[] = [];
  const turnedAway: Received[] = [];
  let forged = 0;
  const receiver = {
    url: '',
    signingSecret: '',
    /** The status of the next answers; one that is not 2xx takes nothing. */
    status: 204,
    /** Taken, in order. */
    accepted,
    turnedAway,
    get forged() {
      return forged;
    },
    close: () => server.close(),
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      try {
        const event = new Webhook(receiver.signingSecret).verify(body, request.headers as never) as CallEvent;
        const received = { id: String(request.headers['webhook-id']), event };
        (receiver.status < 300 ? accepted : turnedAway).push(received);
        response.writeHead(receiver.status).end();
      } catch {
        forged++;
        response.writeHead(401).end();
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  return receiver;
}
