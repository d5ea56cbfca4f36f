import { Agent, request } from 'node:http';

export interface Load {
  url: string;
  headers?: Record<string, string>;
  /** Called once a request. */
  body: (n: number) => string;
  concurrency: number;
  seconds: number;
}

/** Requests a second that were answered 2xx. Throws on any other answer: a benchmark of errors is none. */
export async function throughput({ url, headers = {}, body, concurrency, seconds }: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const end = performance.now() + seconds * 1000;
  let n = 0;
  let answered = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const post = request(
        url,
        { method: 'POST', agent, headers: { 'Content-Type': 'text/plain', ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => {
            const ok = response.statusCode !== undefined && response.statusCode < 300;
            if (ok) resolve();
            else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`));
          });
        },
      );
      post.on('error', reject);
      post.end(body(n++));
    });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < end) {
        await one();
        answered++;
      }
    }),
  );
  agent.destroy();
  return answered / ((performance.now() - started) / 1000);
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** Returns the value that a share of all are no greater than. @param share 0 to 1 */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] as number;
}

/** Returns a table a person can read and a page can hold. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
