import { api } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Problem } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { client, forget } from '../model/api.ts';
import { useSite } from '../model/site.ts';

export function DeleteSite() {
  const { site } = useSite();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<unknown>(null);
  const remove = async (event: Event) => {
    event.preventDefault();
    try {
      await client.call(api.deleteSite, { site: site.id });
      location.hash = '#/';
      await forget(api.listSites);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Card title="Delete site">
      <form class="controls" onSubmit={remove}>
        <TextField
          label={`Type ${site.id} to permanently delete the site with its numbers, visits and calls`}
          value={typed}
          onChange={setTyped}
          autocomplete="off"
        />
        <button type="submit" class="danger" disabled={typed !== site.id}>
          Delete site
        </button>
      </form>
      {error !== null && <Problem error={error} />}
    </Card>
  );
}
