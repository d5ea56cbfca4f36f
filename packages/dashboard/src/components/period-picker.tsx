import { askedPeriod, lastDays, type Period, periodError } from '../model/period.ts';
import { setParams, useRoute } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { Select, TextField } from './field.tsx';

const PRESETS = [7, 30, 90, 365] as const;

/** Picks the period, kept in the address; where the address names none that make sense, it says so. */
export function PeriodPicker({ period }: { period: Period }) {
  const { site } = useSite();
  const asked = askedPeriod(useRoute().params, site.timeZone);
  const error = periodError(asked);
  const preset = PRESETS.find((days) => {
    const { from, to } = lastDays(days, site.timeZone);
    return error === null && from === period.from && to === period.to;
  });
  return (
    <>
      <Select
        label="Period"
        value={preset ? String(preset) : 'own'}
        options={[
          ...PRESETS.map((days) => [String(days), `Last ${days} days`] as const),
          ['own', 'Custom range'] as const,
        ]}
        onChange={(days) =>
          setParams(
            days === 'own' ? { from: lastDays(14, site.timeZone).from } : { ...lastDays(Number(days), site.timeZone) },
          )
        }
      />
      {!preset && (
        <>
          <TextField label="From" type="date" value={asked.from} onChange={(from) => setParams({ from })} />
          <TextField label="To" type="date" value={asked.to} onChange={(to) => setParams({ to })} />
        </>
      )}
      {error && (
        <p class="error" role="alert">
          {error} Showing the last 30 days.
        </p>
      )}
    </>
  );
}
