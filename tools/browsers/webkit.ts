import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from './engine.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const DISPLAY_SERVER = '/usr/bin/Xvfb';

/** Returns true if Debian's `webkit2gtk-driver` and `xvfb` are installed: Safari's engine, driven by WebDriver. */
export function findWebKit(): boolean {
  return existsSync(DRIVER) && existsSync(DISPLAY_SERVER);
}

/** WebKitGTK has no headless mode: it draws on a display that nobody sees. */
export async function launchWebKit(): Promise<Engine> {
  const { screen, display } = await startDisplay();
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display },
  });
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
    return value;
  };
  await answers(() => call('GET', '/status'));

  return {
    async newVisitor() {
      // A session has a profile of its own.
      const { sessionId } = await call<{ sessionId: string }>('POST', '/session', { capabilities: {} });
      const session = `/session/${sessionId}`;
      return {
        open: (url) => call('POST', `${session}/url`, { url }),
        read: <T>(expression: string) =>
          call<T>('POST', `${session}/execute/sync`, { script: `return (${expression})`, args: [] }),
        close: () => call('DELETE', session),
      };
    },
    async close() {
      driver.kill();
      screen.kill();
    },
  };
}

/** The display server picks a free display and writes its number to file descriptor 3. */
function startDisplay(): Promise<{ screen: ChildProcess; display: string }> {
  const screen = spawn(DISPLAY_SERVER, ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    screen.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    (screen.stdio[3] as NodeJS.ReadableStream).once('data', (number) => {
      resolve({ screen, display: `:${String(number).trim()}` });
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 100; ; tries--) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!tries) throw error;
      await pause(50);
    }
  }
}
