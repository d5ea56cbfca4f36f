import type { LeaseRequestInput } from '@dialmark/shared/wire/lease';
import type { LeaseAnswer } from '../core/contract.ts';
import type { Running } from '../running.ts';
import { pageNow } from './landing.ts';

const RETRY_AFTER_MS = 1000;

/** Asks the edge for the targets that are on the page and have no number yet. */
export function createNumberRequest(running: Running): () => Promise<void> {
  const { ids, seen, requestedIds } = running;
  let asking = false;

  /**
   * Once more, a second or two later, where the network or the server failed and numbers are still wanted. Undefined
   * where there is no answer, or one that is none: a captive portal, a proxy's page.
   */
  async function lease(
    request: LeaseRequestInput,
    wanted: () => boolean,
    again = true,
  ): Promise<LeaseAnswer | undefined> {
    try {
      const response = await running.post('lease', request);
      again &&= response.status >= 500;
      if (response.ok) {
        const answer: LeaseAnswer = await response.json();
        if (Object.values(answer.numbers).every(({ number }) => number === null || /^\+\d{7,15}$/.test(number)))
          return answer;
      }
    } catch {
      // Judged like a failing server.
    }
    if (!again) return undefined;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * (1 + Math.random())));
    return wanted() ? lease(request, wanted, false) : undefined;
  }

  return async function requestNumbers() {
    const { visit: current } = running;
    const targets = ids.filter((id) => seen.has(id) && !requestedIds.has(id));
    if (!current || !targets.length || asking || document.readyState === 'loading') return;
    // A waiting request may be a refusal.
    if (running.queuedCalls.some(([name]) => name !== 'tag')) return;
    for (const id of targets) requestedIds.add(id);
    asking = true;
    const { visitor, session, touch } = current;
    const answer = await lease({ visitor, session, touch, targets, page: pageNow() }, () => running.visit === current);
    asking = false;
    if (running.visit === current) {
      if (answer) {
        current.answer = { ...answer, numbers: { ...current.answer?.numbers, ...answer.numbers } };
        running.rest?.answered(current);
        for (const id of targets) if (answer.numbers[id]) running.show(id, answer.numbers[id]);
        running.scan();
      } else running.announce('error', { reason: 'no answer' });
      running.resolveReady();
    }
    requestNumbers();
  };
}
