import { tagsOf } from '../visit/landing.ts';
import type { Visit } from '../visit/visits.ts';

/**
 * Fills hidden fields under `root` that are named `dialmark_session` or `dialmark_visitor`, or like a tag or click id that
 * the visit began with: for servers that get the form. `form_fields[utm_source]` is named `utm_source`. What the page has
 * put there stays, except ids: they are the visit's, and go with it.
 */
export function fillHiddenFields(root: ParentNode, visit: Visit | undefined): void {
  const values = new URLSearchParams(
    visit &&
      [`dialmark_session=${visit.session}&dialmark_visitor=${visit.visitor}`, ...tagsOf(visit.touch.url)].join('&'),
  );
  for (const input of root.querySelectorAll<HTMLInputElement>('[type=hidden]')) {
    const [name] = /\w*(?=]?$)/.exec(input.name) as RegExpExecArray;
    if (/^dialmark_[sv]/.test(name) || (values.has(name) && !input.value)) input.value = values.get(name) ?? '';
  }
}
