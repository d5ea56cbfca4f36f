import { isLeftAlone } from '../page/text-runs.ts';
import type { Running } from '../running.ts';
import { createSendEvent } from '../visit/send-event.ts';
import { type Builders, type FormEvent, SENT, TELLING } from './builders.ts';
import { contactOf, type Field } from './contact.ts';
import { fillHiddenFields } from './hidden-fields.ts';

/** How long after a submission that the page holds back its own request may begin. */
const ANSWER_MS = 10_000;
/** Such requests, by what began them and their address; not ours, nor those of analytics. */
const SENDING = /^(fetch|xml)(?!.*(v1\/sites|collect|event$|track|analytics|facebook))/;
/** Fields that are never looked at. */
const SECRET = /card|cc-|ssn/i;

/** A form with what was entered. */
interface Taken {
  /** What is told of it, until it has been. */
  what: { form: object; contact: object | undefined } | undefined;
  entries?: string;
}

/**
 * Tells the edge which forms were sent, and with `contact` who sent them; fills their hidden fields. It only listens: no
 * submission is delayed, changed or held up, and without a visit, so before the consent that Dialmark itself waits for,
 * nothing is read.
 *
 * A form has been sent when the page lets the browser submit it, when a page that holds that back makes a request of its
 * own, when a script has the browser send it, or when its builder says so. What was entered is the same submission however
 * often it is sent.
 */
export function joinForms(running: Running, keep = running.options.forms): void {
  /** By forms, and by their ids. */
  const latest = new Map<unknown, Taken>();
  const scope = window as Builders & { navigation?: EventTarget };
  const sendEvent = createSendEvent(running);
  let since: number;
  let held: HTMLFormElement;

  function send(taken: Taken | undefined): void {
    if (!taken?.what) return;
    sendEvent('form', taken.what);
    taken.what = undefined;
  }

  function keepLatest(of: unknown, form: { id?: string | null | undefined }, fields: readonly Field[]): Taken {
    const taken: Taken = { what: { form, contact: keep === 'contact' ? contactOf(fields) : undefined } };
    latest.set(of, taken).set(form.id, taken);
    return taken;
  }

  /** Takes a form as it is now, unless nothing is entered in it, or it only searches or signs in. */
  function take(form: HTMLFormElement): Taken | undefined {
    const fields: Field[] = [];
    // Not by `elements`, which a field may be named.
    for (const { autocomplete, type, name, id, labels, placeholder, value } of form.querySelectorAll<HTMLInputElement>(
      'input,textarea',
    ))
      if (/^(te|e|num)/.test(type) && !SECRET.test(autocomplete + name + id))
        fields.push([autocomplete, type, name + id, labels?.[0]?.textContent + placeholder, value.trim()]);
    if (
      isLeftAlone(form) ||
      form.matches('[role=search]') ||
      !fields[form.querySelectorAll('[type=password],[type=search]').length]
    )
      return undefined;
    let taken = latest.get(form);
    const entries = `${fields.map((field) => field[4])}`;
    if (taken?.entries !== entries) {
      const identity = {
        id: (form.closest('[data-form-id]') as HTMLElement)?.dataset.formId ?? form.getAttribute('id'),
        name: form.getAttribute('name'),
        action: form.getAttribute('action')?.replace(/[?#].*/, ''),
      };
      taken = keepLatest(form, identity, fields);
      taken.entries = entries;
    }
    return taken;
  }

  /** @param gravity of an event of Gravity Forms: the number of the form */
  const hear = async (event: FormEvent, gravity?: unknown): Promise<void> => {
    try {
      const { type, target, data, detail, sourceElement } = event;
      const { visit } = running;
      if (data) {
        if (data.eventName !== 'onFormSubmitted') return;
      } else {
        fillHiddenFields(document, visit);
        // `submit` stays within its shadow root.
        for (const root of event.composedPath?.() ?? [])
          if ((root as Node).nodeType === 11) {
            fillHiddenFields(root as ShadowRoot, visit);
            root.addEventListener('submit', hear as unknown as EventListener, true);
          }
      }
      const id = (gravity as number) > 0 ? `gform_${gravity}` : (data?.id ?? detail?.formId);
      if (!visit) return;
      if (sourceElement) sourceElement.matches('form') && send(take(sourceElement));
      else if (type === 'submit') {
        take(target);
        if (!target.matches(TELLING)) {
          held = target;
          since = event.timeStamp;
          setTimeout(() => event.defaultPrevented || send(latest.get(target)));
        }
      }
      // A script has the browser send the form, as `submit` of jQuery's does too; or only wants its data.
      else if (type === 'formdata') take(target);
      else if (id)
        send(
          latest.get(id) ??
            keepLatest(
              id,
              { id },
              (data
                ? Object.entries({ ...data.data?.submissionValues })
                : ((await scope.HubSpotFormsV4?.getFormFromEvent(event).getFormFieldValues()) ?? []).map(Object.values)
              ).map(([name, value]) => ['', '', name as string, '', `${value}`]),
            ),
        );
      else if (SENT.includes(type)) {
        const form = (target.closest('form') ?? target.querySelector('form')) as HTMLFormElement;
        send(latest.get(form) ?? take(form));
      }
      // Last, for it may be another's.
      scope.jQuery?.(document).off(SENT, hear).on(SENT, hear);
    } catch {
      // The page is none the worse.
    }
  };

  for (const name of `submit formdata pageshow focusin click ${SENT}`.split(' '))
    addEventListener(name, hear as unknown as EventListener, true);
  scope.navigation?.addEventListener('navigate', hear as unknown as EventListener);
  const hearRequests = (list: PerformanceObserverEntryList | Event): void => {
    // A page that goes on at once leaves no time for what it has just asked to be told.
    for (const entry of ((list as PerformanceObserverEntryList).getEntries?.() ??
      requests.takeRecords()) as PerformanceResourceTiming[])
      if (
        SENDING.test(entry.initiatorType + entry.name) &&
        entry.responseStatus < 400 &&
        // One that is earlier becomes a number far beyond.
        (entry.startTime - since) >>> 0 < ANSWER_MS
      )
        send(latest.get(held));
  };
  const requests = new PerformanceObserver(hearRequests);
  requests.observe({ type: 'resource' });
  addEventListener('pagehide', hearRequests);
}
