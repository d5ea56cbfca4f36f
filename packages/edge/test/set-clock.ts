/** Before anything else of the Worker runs. */
import { env } from 'cloudflare:workers';

const ahead = Number((env as { CLOCK_AHEAD_MS?: string }).CLOCK_AHEAD_MS ?? 0);
const real = Date;
const now = () => real.now() + ahead;

globalThis.Date = new Proxy(real, {
  construct: (target, given) => Reflect.construct(target, given.length === 0 ? [now()] : given),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
