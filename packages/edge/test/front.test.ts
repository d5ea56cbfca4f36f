import { describe, expect, it } from 'vitest';
import { worker } from './edge.ts';

const ask = (headers: Record<string, string>) =>
  worker(new Request('https://edge.example/', { headers, redirect: 'manual' }));

describe('a page of the docs that does not exist', () => {
  it('is answered by the page that says so', async () => {
    const response = await worker(
      new Request('https://edge.example/docs/no-such-page', { headers: { Accept: 'text/html' } }),
    );
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(await response.text()).toContain('404');
  });
});

describe('the bare address', () => {
  it('leads a browser to the dashboard', async () => {
    const response = await ask({ Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(response.status).toBe(302);
    expect(response.headers.get('Location')).toBe('/app/');
  });

  it.each([{}, { Accept: '*/*' }, { Accept: 'application/json' }])(
    'tells a program (%o) that nothing is there',
    async (headers) => {
      const response = await ask(headers as Record<string, string>);
      expect(response.status).toBe(404);
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 404, detail: expect.stringContaining('/app/') });
    },
  );
});

describe('a path', () => {
  const answerTo = async (method: string, path: string) => {
    const response = await worker(new Request(`https://edge.example${path}`, { method }));
    const { code } = (await response.json()) as { code: string };
    return [response.status, code, response.headers.get('Allow')];
  };

  it.each([
    ['DELETE', '/v1/sites', 'GET'],
    ['PATCH', '/v1/sites/acme', 'GET, PUT, DELETE'],
    ['PUT', '/v1/sites/acme/calls', 'GET, POST'],
    ['GET', '/v1/sites/acme/lease', 'POST'],
    ['PUT', '/app/session', 'GET, POST, DELETE'],
  ])('does not take %s %s, and says what it takes', async (method, path, allow) => {
    expect(await answerTo(method, path)).toEqual([405, 'method_not_allowed', allow]);
  });

  it.each([
    ['POST', '/v1/nothing'],
    ['GET', '/nothing/here'],
    ['GET', '/v1/sites/acme/exports/nothing'],
  ])('that is not there is not found: %s %s', async (method, path) => {
    expect(await answerTo(method, path)).toEqual([404, 'not_found', null]);
  });
});
