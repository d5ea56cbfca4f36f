/** Builds what the Worker carries inside and the command line beside it. `npm run build`. */
import { build } from '../tools/build/build.ts';

await build();
