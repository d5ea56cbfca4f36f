import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Answer } from '../components/feedback.tsx';
import { inUnits } from '../components/field.tsx';
import { ask } from '../model/api.ts';
import { count, percent } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { inPool } from './in-pool.ts';

/** How the pool stands now. Draining numbers are no part of it: they are given to nobody new. */
export function PoolTiles() {
  const { site } = useSite();
  const asked = useQuery({ ...ask(api.pool, { site: site.id }), refetchInterval: 5000 });
  return (
    <Answer of={asked} what="the pool">
      {(pool) => {
        const numbers = inPool(pool);
        return (
          <div class="tiles">
            <Tile
              name="In the pool"
              figure={count(numbers)}
              note={[
                `${count(pool.free)} free`,
                `${count(pool.cooling)} resting`,
                `${count(pool.leased)} held`,
                ...(pool.draining > 0 ? [`${count(pool.draining)} more draining`] : []),
              ].join(', ')}
            />
            <Tile
              name="Held now"
              figure={count(pool.leased)}
              note={`by visits under way: ${percent(numbers === 0 ? 0 : pool.leased / numbers)} of the pool`}
            />
            <Tile
              name="Visits without a number"
              figure={count(pool.exhausted)}
              note={pool.exhausted > 0 ? 'in 24 h, as all were held: add numbers' : 'in 24 h'}
            />
            <Tile
              name="Given again too early"
              figure={count(pool.earlyReissues)}
              note={
                pool.earlyReissues > 0
                  ? `in 24 h, before ${inUnits(site.lease.cooldownSeconds)} of rest: a late call may be the last visit’s`
                  : 'in 24 h'
              }
            />
          </div>
        );
      }}
    </Answer>
  );
}

function Tile({ name, figure, note }: { name: string; figure: string; note: string }) {
  return (
    <div class="tile">
      <span class="name">{name}</span>
      <span class="figure">{figure}</span>
      <span class="delta">{note}</span>
    </div>
  );
}
