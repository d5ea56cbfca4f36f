import { useState } from 'preact/hooks';

/** Returns a form that is sent: what came of it last, why it was refused, and whether it is on its way. */
export function useSubmission<T>(send: () => Promise<T>) {
  const [result, setResult] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setResult(await send());
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  };
  return { result, error, busy, submit };
}
