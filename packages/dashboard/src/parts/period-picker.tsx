import { lastDays, type Period } from '../period.ts';
import { setParams } from '../route.ts';
import { useSite } from '../site.ts';
import { Select, TextField } from './field.tsx';

const PRESETS = [7, 30, 90, 365] as const;

/** Which days, kept in the address. */
export function PeriodPicker({ period }: { period: Period }) {
  const { site } = useSite();
  const preset = PRESETS.find((days) => {
    const { from, to } = lastDays(days, site.timeZone);
    return from === period.from && to === period.to;
  });
  return (
    <>
      <Select
        label="Period"
        value={preset ? String(preset) : 'own'}
        options={[
          ...PRESETS.map((days) => [String(days), `Last ${days} days`] as const),
          ['own', 'From … to …'] as const,
        ]}
        onChange={(days) =>
          setParams(
            days === 'own' ? { from: lastDays(14, site.timeZone).from } : { ...lastDays(Number(days), site.timeZone) },
          )
        }
      />
      {!preset && (
        <>
          <TextField label="From" type="date" value={period.from} onChange={(from) => setParams({ from })} />
          <TextField label="To" type="date" value={period.to} onChange={(to) => setParams({ to })} />
        </>
      )}
    </>
  );
}
