import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Answer } from '../components/feedback.tsx';
import { inUnits } from '../components/field.tsx';
import { ask } from '../model/api.ts';
import { count, percent } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { inPool } from './in-pool.ts';

/** The pool's current state. It excludes draining numbers, which are not assigned to anyone new. */
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
                `${count(pool.cooling)} cooling down`,
                `${count(pool.leased)} in use`,
                ...(pool.draining > 0 ? [`${count(pool.draining)} more draining`] : []),
              ].join(', ')}
            />
            <Tile
              name="In use now"
              figure={count(pool.leased)}
              note={`${percent(numbers === 0 ? 0 : pool.leased / numbers)} of the pool`}
            />
            <Tile
              name="Visits without a number"
              figure={count(pool.exhausted)}
              note={pool.exhausted > 0 ? 'in the last 24 h: add numbers' : 'in the last 24 h'}
            />
            <Tile
              name="Reused too soon"
              figure={count(pool.earlyReissues)}
              note={
                pool.earlyReissues > 0
                  ? `in the last 24 h, before the cooldown of ${inUnits(site.lease.cooldownSeconds)}`
                  : 'in the last 24 h'
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
