/**
 * Names of events that Google Analytics keeps for itself, of websites and applications. It drops such events without a
 * word. Case counts: `Click` is an event like any other.
 * https://support.google.com/analytics/answer/13316687,
 * https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference#reserved_names
 */
const RESERVED = new Set(
  (
    'ad_activeview ad_click ad_exposure ad_impression ad_query ad_reward adunit_exposure app_background app_clear_data ' +
    'app_exception app_install app_remove app_store_refund app_store_subscription_cancel ' +
    'app_store_subscription_convert app_store_subscription_renew app_uninstall app_update app_upgrade click ' +
    'dynamic_link_app_open dynamic_link_app_update dynamic_link_first_open error file_download first_open first_visit ' +
    'form_start form_submit in_app_purchase notification_dismiss notification_foreground notification_open ' +
    'notification_receive notification_send os_update page_view screen_view scroll session_start ' +
    'session_start_with_rollout user_engagement video_complete video_progress video_start view_complete ' +
    'view_search_results'
  ).split(' '),
);

const RESERVED_PREFIX = /^(?:_|ga_|google_|firebase_|gtag\.|query_id)/;

/** Returns whether Google Analytics takes no event of this name from others. */
export function isReservedGa4Event(name: string): boolean {
  return RESERVED.has(name) || RESERVED_PREFIX.test(name);
}
