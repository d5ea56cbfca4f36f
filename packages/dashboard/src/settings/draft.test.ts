import { describe, expect, it } from 'vitest';
import { at, withAt } from './draft.ts';

const site = { lease: { ttlSeconds: 1800 }, targets: [{ id: 'main' }, { id: 'sales' }], carriers: {} };

describe('a draft of a configuration', () => {
  it('is read by the paths that the API names fieldErrors by', () => {
    expect(at(site, 'lease.ttlSeconds')).toBe(1800);
    expect(at(site, 'targets.1.id')).toBe('sales');
    expect(at(site, 'session.timeoutSeconds')).toBeUndefined();
  });

  it('changes at one place and nowhere else', () => {
    const changed = withAt(site, 'targets.1.id', 'shop');
    expect(changed.targets).toEqual([{ id: 'main' }, { id: 'shop' }]);
    expect(changed.targets[0]).toBe(site.targets[0]);
    expect(changed.lease).toBe(site.lease);
    expect(site.targets[1]?.id).toBe('sales');
  });

  it('makes what is missing on the way', () => {
    expect(withAt(site, 'carriers.twilio.authToken', 'x').carriers).toEqual({ twilio: { authToken: 'x' } });
    expect(withAt({ forwarding: null }, 'forwarding.whisper', 'hi')).toEqual({ forwarding: { whisper: 'hi' } });
  });
});
