export { app as default } from './app.ts';
export { Directory } from './directory/directory.ts';
export { NumberPool } from './pool/number-pool.ts';
