export * from './attribution/attribute.ts';
export * from './attribution/better.ts';
export {
  BINDINGS_WEIGHED,
  type BindingEvidence,
  type CallModel,
  type DelayScale,
  PRIOR,
} from './attribution/call-model.ts';
export * from './attribution/learn.ts';
export * from './attribution/markov.ts';
export * from './attribution/models.ts';
export * from './attribution/wilson.ts';
export * from './classify/arrival.ts';
export * from './classify/channel.ts';
export * from './classify/classify.ts';
export { CLICK_IDS, type ClickId, clickIdsOf } from './classify/click-ids.ts';
export * from './classify/landing-path.ts';
export { isPaidOrTagged } from './classify/paid-or-tagged.ts';
export { UTM_TAGS, type UtmTag, type UtmTags, utmTagsOf } from './classify/tags.ts';
export * from './number-source.ts';
export * from './origin.ts';
export * from './party.ts';
export * from './sizing/erlang.ts';
export * from './source-rule.ts';
export * from './time.ts';
export * from './wire/alert.ts';
export * from './wire/amount.ts';
export * from './wire/amp.ts';
export * from './wire/api.ts';
export * from './wire/call.ts';
export { CarrierState } from './wire/carrier.ts';
export { ClassifiedTouch, ClassifyQuery } from './wire/classify.ts';
export * from './wire/codes.ts';
export * from './wire/cost.ts';
export * from './wire/data.ts';
export * from './wire/event.ts';
export * from './wire/form.ts';
export { isReservedGa4Event } from './wire/ga4-events.ts';
export * from './wire/integration.ts';
export * from './wire/lead.ts';
export * from './wire/lease.ts';
export type { Page as ListPage } from './wire/list.ts';
export { BindingsQuery, ListQuery, Page as pageOf, Paging } from './wire/list.ts';
export * from './wire/metrics.ts';
export * from './wire/number.ts';
export type { Operation } from './wire/operation.ts';
export * from './wire/outcome.ts';
export { ServedPage } from './wire/page.ts';
export * from './wire/pool.ts';
export * from './wire/primitives.ts';
export * from './wire/problem.ts';
export * from './wire/report.ts';
export { Binding, BindingKind, PageView, Session, TelClick, Touch } from './wire/session.ts';
export * from './wire/site.ts';
export * from './wire/snippet.ts';
export * from './wire/token.ts';
export * from './wire/visitor.ts';
export * from './zone.ts';
