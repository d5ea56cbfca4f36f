import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Card } from '../components/card.tsx';
import { Icon } from '../components/icon.tsx';
import { ask } from '../model/api.ts';
import { hrefOf, type PageName } from '../model/route.ts';
import { useSite } from '../model/site.ts';

/** The steps left before calls come in. Renders nothing once a call has come in. */
export function FirstSteps() {
  const { site } = useSite();
  const one = { site: site.id, query: { limit: '1' } };
  const poll = { refetchInterval: 5000 };
  const calls = useQuery({
    ...ask(api.listCalls, { ...one, query: { ...one.query, test: 'include' } }),
    ...poll,
  });
  const hasCalls = (calls.data?.items.length ?? 1) > 0;
  const waiting = { enabled: !hasCalls, ...poll };
  const numbers = useQuery({ ...ask(api.listNumbers, one), ...waiting });
  const bindings = useQuery({ ...ask(api.listBindings, one), ...waiting });
  if (hasCalls || !numbers.data || !bindings.data) return null;
  const steps: { done: boolean; title: string; text: string; page: PageName; action: string }[] = [
    {
      done: numbers.data.items.length > 0,
      title: 'Add tracking numbers',
      text: 'Numbers from your carrier that replace the printed number for each visitor.',
      page: 'numbers',
      action: 'Add numbers',
    },
    {
      done: bindings.data.items.length > 0,
      title: 'Add the tag to your site',
      text: `One line in the pages of ${site.origins[0] ?? 'the site'}. This step completes with the first visit.`,
      page: 'install',
      action: 'Get the tag',
    },
    {
      done: Object.keys(site.carriers).length > 0,
      title: 'Connect the carrier',
      text: 'Its webhook reports the number that was dialed and learns which phone to ring.',
      page: 'install',
      action: 'Set up',
    },
    {
      done: false,
      title: 'Make a test call',
      text: 'Open your site and dial the number it shows. The call appears under Calls.',
      page: 'calls',
      action: 'Open Calls',
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Card title={`${site.name ?? site.id} is ready. Next steps`}>
      <ol class="steps">
        {steps.map(({ done, title, text, page, action }, i) => (
          <li key={title} class={done ? 'done' : ''}>
            <span class="mark">{done ? <Icon name="check" /> : i + 1}</span>
            <span>
              <strong>{title}</strong> {done && <span class="badge good">done</span>}
              <br />
              <span class="soft">{text}</span>
            </span>
            {!done && (
              <a class="button" href={hrefOf(site.id, page)} aria-current={i === next ? 'step' : undefined}>
                {action}
              </a>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
