/** The demo business: made once, through the API like any other site. */
import { api } from '@dialmark/shared';
import { createClient, DialmarkError } from '@dialmark/shared/client';

const SITE = 'demo';
const POOL_SIZE = 12;

export async function seedDemo(edge: string, token: string): Promise<void> {
  const admin = createClient({ edge, token });
  const port = new URL(edge).port;
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  const known = await admin.call(api.getSite, { site: SITE }).catch((error: unknown) => {
    if (error instanceof DialmarkError && error.problem.status === 404) return null;
    throw error;
  });
  if (known) {
    // Started on another port: its pages now come from there.
    const { id: _, ...config } = known;
    if (!origins.every((origin) => known.origins.includes(origin))) {
      await admin.call(api.putSite, { site: SITE, body: { ...config, origins } });
    }
    return;
  }
  await admin.call(api.putSite, {
    site: SITE,
    body: {
      name: 'Hollis & Daughter Roofing (demo)',
      origins,
      country: 'US',
      timeZone: 'America/Los_Angeles',
      currency: 'USD',
      targets: [{ id: 'main', number: '+14155550100' }],
      // Everyone who tries the demo comes from one address.
      limits: { newLeasesPerAddressPerHour: 10_000 },
    },
  });
  await admin.call(api.addNumbers, {
    site: SITE,
    body: {
      numbers: Array.from({ length: POOL_SIZE }, (_, i) => ({
        number: `+1415555${String(120 + i).padStart(4, '0')}`,
        target: 'main',
      })),
    },
  });
}
