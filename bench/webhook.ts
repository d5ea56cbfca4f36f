/** `npm run bench:webhook`: how long a carrier waits for call control, against a lease in the same run. */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { workerdCpuSeconds } from './cpu.ts';
import { median, quantile, table } from './load.ts';
import { BROWSER, numberAt, ORIGIN, startBench } from './local.ts';

const TOKEN = 'bench';
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const REQUESTS = Number(process.env.REQUESTS ?? 250);
const NUMBERS = 10_000;

const local = await startBench();
await local.site('bench', NUMBERS, {
  targets: [{ id: 'main', number: '+14155550100', forwarding: { whisper: 'Call from {source}', voicemail: {} } }],
  carriers: { twilio: { authToken: TOKEN } },
});

interface Asked {
  path: string;
  headers: Record<string, string>;
  body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** Milliseconds until the whole answer is there. */
function answerTime({ path, headers, body }: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const post = request(local.edge + path, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    post.on('error', reject);
    post.end(body);
  });
}

let n = 0;
function lease(): Asked {
  const body = JSON.stringify({
    session: `s_${++n}`,
    visitor: `v_${n}`,
    page: { url: `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=abc`, referrer: 'https://www.google.com/' },
  });
  return { path: '/v1/sites/bench/lease', headers: { Origin: ORIGIN, 'User-Agent': BROWSER }, body };
}

function webhook(endpoint: string, fields: Record<string, string>): Asked {
  const path = `/v1/sites/bench/carriers/twilio/${endpoint}`;
  const sorted = Object.keys(fields)
    .sort()
    .map((name) => name + fields[name]);
  const signature = createHmac('sha1', TOKEN)
    .update(local.edge + path + sorted.join(''))
    .digest('base64');
  return {
    path,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature },
    body: new URLSearchParams(fields).toString(),
  };
}
const caller = () => `+1212${5_000_000 + (++n % 900_000)}`;
const voice = () => webhook('voice', { CallSid: `CA${++n}`, From: caller(), To: numberAt(n), CallStatus: 'ringing' });
const status = () =>
  webhook('status', {
    CallSid: `CA${++n}`,
    From: caller(),
    To: numberAt(n),
    CallStatus: 'completed',
    CallDuration: '9',
  });
const forged = (): Asked => {
  const asked = voice();
  return { ...asked, headers: { ...asked.headers, 'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' } };
};
const nothing = (): Asked => ({ path: '/bench/rpc', headers: {}, body: '' });
const insert = (): Asked => ({ path: '/bench/insert', headers: {}, body: 'x' });

const ways: { name: string; ask: () => Asked; refused?: true }[] = [
  { name: 'no-op object by RPC', ask: nothing },
  { name: 'object that inserts one row', ask: insert },
  { name: 'lease (new session)', ask: lease },
  { name: 'incoming call (signature, attribution, call control)', ask: voice },
  { name: 'status of an unknown call', ask: status },
  { name: 'forged webhook, refused', ask: forged, refused: true },
];

const times = new Map<string, { p50: number[]; p95: number[]; cpu: number[] }>(
  ways.map(({ name }) => [name, { p50: [], p95: [], cpu: [] }]),
);
for (let i = 0; i < 500; i++) await answerTime(lease());
// Interleaved, so that what else the machine does falls on all alike; the first round warms up and does not count.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { name, ask, refused } of ways) {
    const before = workerdCpuSeconds();
    const all: number[] = [];
    for (let i = 0; i < REQUESTS; i++) {
      const asked = ask();
      const started = performance.now();
      const time = await answerTime(asked).catch((error: Error) => {
        if (!refused || !error.message.includes('answered 403')) throw error;
        return performance.now() - started;
      });
      all.push(time);
    }
    const after = workerdCpuSeconds();
    if (round === 0) continue;
    const seen = times.get(name);
    seen?.p50.push(median(all));
    seen?.p95.push(quantile(all, 0.95));
    if (before !== null && after !== null) seen?.cpu.push(((after - before) * 1e6) / REQUESTS);
  }
}
const of = (name: string, what: 'p50' | 'p95' | 'cpu') => {
  const values = times.get(name)?.[what] ?? [];
  return values.length > 0 ? median(values) : Number.NaN;
};
console.log(
  table(
    ['', 'answer, median ms', '95 % ms', '× lease', 'workerd CPU µs/request'],
    ways.map(({ name }) => [
      name,
      of(name, 'p50').toFixed(2),
      of(name, 'p95').toFixed(2),
      (of(name, 'p50') / of('lease (new session)', 'p50')).toFixed(2),
      Math.round(of(name, 'cpu')),
    ]),
  ),
);
agent.destroy();
await local.stop();
