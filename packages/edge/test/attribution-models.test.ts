import { credits, DAY, type EpochMs, Model, removalEffects } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import summary from '../../../docs/attribution.md?raw';
import page from '../../../docs/attribution-models.md?raw';

/** The rows of a page's last table whose first header cell is so. */
function tableOf(firstHeader: string, text = page): string[][] {
  const lines = text.split('\n');
  const head = lines.findLastIndex((line) => line.startsWith(`| ${firstHeader} `));
  const rows = lines.slice(head + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

const effects = removalEffects(
  tableOf('journey').map(([channels = '', conversions, others]) => ({
    channels: channels.split(' → '),
    conversions: Number(conversions),
    others: Number(others),
  })),
);

describe('the worked journey in docs/attribution-models.md', () => {
  const callAt = Date.UTC(2026, 10, 24) as EpochMs;
  const touches = [
    ['Paid Search', 21],
    ['Organic Search', 14],
    ['Email', 7],
    ['Direct', 0],
  ].map(([channel, days]) => ({
    at: (callAt - (days as number) * DAY) as EpochMs,
    direct: channel === 'Direct',
    channel: channel as string,
  }));
  const table = tableOf('model');

  it('tells of every model', () => {
    expect(table.map(([model]) => model)).toEqual(Model.options);
  });

  it.each(table)('is credited by %s as the page says', (model, ...told) => {
    const given = credits(model as Model, touches, callAt, effects);
    expect(given.map((credit) => credit.toFixed(3))).toEqual(told);
  });

  it('stands so in docs/attribution.md as well', () => {
    expect(tableOf('model', summary)).toEqual(table);
  });

  it('is weighed as the page says', () => {
    expect([...effects].map(([channel, weight]) => [channel, weight.toFixed(3)])).toEqual(tableOf('channel'));
  });
});
