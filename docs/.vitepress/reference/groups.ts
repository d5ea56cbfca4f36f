/** The pages of the API reference, in the order in which somebody who builds on the API needs them. */
export const GROUPS: readonly { title: string; paths: RegExp }[] = [
  { title: 'Leases and events', paths: /\/(lease|events|amp)$/ },
  { title: 'Calls', paths: /\/(calls|attribution)(\/|$)/ },
  { title: 'Leads and outcomes', paths: /\/(leads|outcomes)(\/|$)/ },
  { title: 'Forms', paths: /\/(forms|emails)(\/|$)/ },
  { title: 'Visits and visitors', paths: /\/(bindings|sessions|visitors|callers)(\/|$)/ },
  { title: 'Reports, costs, data', paths: /\/(reports|compare|costs|data|sql|ledger)(\/|$)/ },
  { title: 'Sites', paths: /^\/s\/|^\/v1\/sites(\/\{site\}(\/classify|\/page)?)?$/ },
  { title: 'Numbers and the pool', paths: /\/(numbers|pool)(\/|$)/ },
  { title: 'Conversions and webhooks', paths: /\/(integrations|deliveries|exports)(\/|$)/ },
  { title: 'Monitoring', paths: /\/(metrics|alerts|carriers)(\/test)?$/ },
  { title: 'Tokens', paths: /^\/v1\/tokens/ },
  { title: 'Carrier webhooks', paths: /\/carriers\/\w+\/(voice|status)$/ },
];
