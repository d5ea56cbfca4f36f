import { useState } from 'preact/hooks';
import { Problem } from './components/feedback.tsx';
import { TextField } from './components/field.tsx';
import { enter } from './model/api.ts';
import { openSession } from './model/session.ts';

export function Login() {
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const logIn = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      enter(await openSession(token));
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <form class="card" onSubmit={logIn}>
        <span class="brand">
          <img src="./mark.svg" alt="" /> Dialmark
        </span>
        <h1>Log in</h1>
        <TextField
          label="Token"
          type="password"
          autocomplete="current-password"
          required
          value={token}
          onChange={setToken}
          hint={
            <>
              Use the admin token or one created under Settings. <code>npm start</code> prints the admin token.{' '}
              <code>npm run deploy</code> shows it once, when it stores it as the secret <code>ADMIN_TOKEN</code>.{' '}
              <a href="/docs/dashboard">About tokens</a>
            </>
          }
        />
        {error !== null && <Problem error={error} />}
        <button type="submit" class="first" disabled={busy || token.trim() === ''}>
          {busy ? 'Logging in…' : 'Log in'}
        </button>
      </form>
    </main>
  );
}
