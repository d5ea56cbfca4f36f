/**
 * Forms of builders that tell when one was sent: to a page, what their servers refuse looks the same. Contact Form 7
 * (https://contactform7.com/dom-events/) and, by events of jQuery's alone, WPForms
 * (https://wpforms.com/developers/wpformsajaxsubmitsuccess/), Elementor Pro, and Gravity Forms where the page stays
 * (https://docs.gravityforms.com/gform_confirmation_loaded/).
 */
export const TELLING = '.wpcf7-form,.wpforms-ajax-form,.elementor-form,[id^=gform_]';

/**
 * What they tell it by; and HubSpot by a message from its older forms, by an event of its newer ones
 * (https://developers.hubspot.com/docs/cms/start-building/features/forms/legacy-forms,
 * https://developers.hubspot.com/docs/api-reference/latest/marketing/forms/global-form-events).
 */
export const SENT =
  'wpcf7mailsent wpformsAjaxSubmitSuccess submit_success gform_confirmation_loaded message hs-form-event:on-submission:success';

/** Any event that forms are followed by, with what one or the other of them has. */
export interface FormEvent extends Event {
  target: HTMLFormElement;
  /** Of `navigate`: https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigateevent-sourceelement */
  sourceElement?: HTMLFormElement | null;
  data?: { eventName?: string; id: string; data?: { submissionValues?: Record<string, unknown> } };
  detail?: { formId: string };
}

interface JQuery {
  on(events: string, listener: (event: FormEvent, id?: unknown) => void): JQuery;
  off: JQuery['on'];
}

/** What builders put on the window. */
export interface Builders {
  jQuery?: (of: Document) => JQuery;
  HubSpotFormsV4?: {
    getFormFromEvent(event: Event): { getFormFieldValues(): Promise<{ name: string; value: unknown }[]> };
  };
}
