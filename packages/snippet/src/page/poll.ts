const EVERY_MS = 250;
const LOOKS = 240;

/** Looks now, and for a minute again and again: other scripts come when they come. Ends where `look` returns true. */
export function poll(look: () => boolean): void {
  if (look()) return;
  let left = LOOKS;
  const timer = setInterval(() => {
    if (look() || !left--) clearInterval(timer);
  }, EVERY_MS);
}
