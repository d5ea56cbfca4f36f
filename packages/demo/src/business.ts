/** The demo business, which there is nowhere else. */
export const ADDRESS = 'https://hollisroofing.example';
export const TIME_ZONE = 'America/Los_Angeles';
/** Address for calls and alerts: a receiver in the demo's own Worker. */
export const OFFICE_PATH = '/demo/office';
/** The secret of its carrier. Made up, and no secret: the docs name it, so that anybody can play the carrier. */
export const AUTH_TOKEN = 'demo-auth-token';
