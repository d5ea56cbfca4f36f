import { api, type Scope } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Copyable } from '../components/copyable.tsx';
import { Answer, Empty, Problem } from '../components/feedback.tsx';
import { Select, TextField } from '../components/field.tsx';
import { ask, client, forget } from '../model/api.ts';
import { dateTime } from '../model/format.ts';
import { useSite } from '../model/site.ts';

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['read', 'View everything'],
  ['calls', 'Report and edit calls'],
  ['admin', 'Do everything'],
];

export function Tokens() {
  const { site } = useSite();
  const asked = useQuery(ask(api.listTokens, { query: { limit: '1000' } }));
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [reach, setReach] = useState<'site' | 'all'>('site');
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const act = async (what: () => Promise<unknown>) => {
    try {
      setError(null);
      await what();
      await forget(api.listTokens);
    } catch (refused) {
      setError(refused);
    }
  };
  const make = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const scopes: Scope[] = scope === 'calls' ? ['calls', 'read'] : [scope];
      const body = { name: name || null, scopes, site: reach === 'site' ? site.id : null };
      setMade((await client.call(api.createToken, { body })).token);
      setName('');
    });
  };
  return (
    <Card title="Tokens">
      <p class="soft">
        For people who log in and programs that use the API. Revoking a token ends its sessions immediately.
      </p>
      <Answer of={asked} what="the tokens">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No tokens besides the admin token" />
          ) : (
            <ul class="steps">
              {items.map((token) => (
                <li key={token.id} class="two">
                  <span>
                    <strong>{token.name ?? token.id}</strong>{' '}
                    <span class="soft">
                      {token.scopes.join(', ')} · {token.site ?? 'all sites'} · created{' '}
                      {dateTime(token.createdAt, site.timeZone ?? 'UTC')}
                    </span>
                  </span>
                  <button
                    type="button"
                    class="danger"
                    onClick={() => void act(() => client.call(api.deleteToken, { id: token.id }))}
                  >
                    Revoke<span class="hidden"> {token.name ?? token.id}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {made && (
        <div class="note good" role="status">
          <strong>Copy the token now. You won’t see it again.</strong>
          <Copyable label="the token" text={made} />
        </div>
      )}
      <form class="controls" onSubmit={make}>
        <TextField label="Token name" value={name} onChange={setName} />
        <Select label="Permissions" value={scope} options={SCOPES} onChange={setScope} />
        <Select
          label="On"
          value={reach}
          options={[
            ['site', 'This site'],
            ['all', 'All sites'],
          ]}
          onChange={setReach}
        />
        <button type="submit">Create token</button>
      </form>
      {error !== null && <Problem error={error} />}
    </Card>
  );
}
