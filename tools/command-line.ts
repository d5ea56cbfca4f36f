import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowNegative: true }>>['values'];

/** The options a command was given. Where it takes no such option, or `--help` asks, it says how it is used and ends. */
export function readOptions<T extends Options>(usage: string, options: T): Values<T> {
  if (process.argv.includes('--help')) {
    console.log(`Usage: ${usage}`);
    process.exit(0);
  }
  try {
    return parseArgs({ options, allowNegative: true }).values;
  } catch (error) {
    return fail(`${(error as Error).message.split('. ')[0]}.\nUsage: ${usage}`);
  }
}

/** A port as an option gives it; 0 takes a free one. */
export function readPort(text: string): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  return fail(`--port must be a number from 0 to 65535, not "${text}".`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
