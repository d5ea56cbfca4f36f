import { useEffect, useState } from 'preact/hooks';

/** Returns a value once it has stayed the same for a while, such as what is being typed. */
export function useDebounced<T>(value: T, afterMs: number): T {
  const [debounced, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return debounced;
}
