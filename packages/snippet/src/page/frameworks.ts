/** Containers that frameworks render into on the server and take over in the browser. */
export const CONTAINERS = '#root,#app,[id^=__],[data-reactroot],[data-server-rendered],[ng-version],astro-island';
/**
 * Elements that may turn out to belong to a framework; its scripts often stand behind it, so only the whole page
 * tells.
 */
export const PERHAPS = ',body>div[id]';
/** Signs in a page that some framework may still come. */
export const COMING = '[type=module],[rel=modulepreload],[as=script]';
