/** A Dialmark to be killed: `node test/crash-server.ts DIR`, ready when it has printed its address. */
import { startLocal } from '../tools/local.ts';

const [persistTo] = process.argv.slice(2);
const { edge } = await startLocal({ port: 0, persistTo: persistTo as string, adminToken: 'crash', workerKey: 'crash' });
console.log(edge);
