/** The demo business, which there is nowhere else. */
export const ADDRESS = 'https://hollisroofing.example';
export const TIME_ZONE = 'America/Los_Angeles';
