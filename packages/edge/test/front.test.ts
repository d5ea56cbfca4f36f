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
