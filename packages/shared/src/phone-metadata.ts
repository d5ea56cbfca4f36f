/** Libphonenumber's metadata, for the command line and the dashboard; the edge reads its own from its assets. */
export { default as phoneMetadata } from 'libphonenumber-js/min/metadata';
