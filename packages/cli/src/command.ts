import { parseArgs } from 'node:util';
import { usageFailure } from './failure.ts';
import type { World } from './world.ts';

/** One `--option`. */
export interface Option {
  type: 'string' | 'boolean';
  multiple?: boolean;
  short?: string;
  /** Placeholder for the value in the help text. */
  value?: string;
  /** Summary in one line. */
  text: string;
}
export type Options = Record<string, Option>;

type Values<O extends Options> = {
  [K in keyof O]: O[K]['type'] extends 'boolean'
    ? boolean | undefined
    : O[K] extends { multiple: true }
      ? string[] | undefined
      : string | undefined;
};

/** Parsed arguments of a command. */
export interface Given<O extends Options = Options> {
  values: Values<O>;
  positionals: string[];
}

export interface Command {
  /** As it is typed: `numbers import`. */
  name: string;
  summary: string;
  /** The forms it takes, without `dialmark`. */
  usage: string[];
  options: Options;
  /** More to know, as lines. */
  details?: string[];
  run(args: string[], world: World): Promise<void>;
}

/** Ties a command's work to its options, so that what `run` gets is typed by them. */
export function command<const O extends Options>(
  definition: Omit<Command, 'run' | 'options'> & {
    options: O;
    /** Maximum number of words besides options. */
    words?: number;
    run(given: Given<O>, world: World): Promise<void>;
  },
): Command {
  return {
    ...definition,
    async run(args, world) {
      const given = readArguments(args, definition.options);
      const extra = given.positionals[definition.words ?? 0];
      if (extra !== undefined)
        throw usageFailure(`"${extra}" was not expected. See: dialmark ${definition.name} --help`);
      return definition.run(given as Given<O>, world);
    },
  };
}

function readArguments(args: string[], options: Options): Given {
  const plain = Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple, short }]) => [
      name,
      { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) },
    ]),
  );
  try {
    return parseArgs({ args, options: plain, allowPositionals: true, strict: true }) as Given;
  } catch (error) {
    // Node's text names the option; only its first sentence is of use here.
    throw usageFailure(`${(error as Error).message.split('. ')[0]}.`);
  }
}

/** Returns the help page of one command. */
export function helpOf({ name, summary, usage, options, details = [] }: Command): string {
  const rows = Object.entries(options).map(([option, { value, text, short }]) => [
    `  ${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`,
    text,
  ]);
  const width = Math.max(...rows.map(([left = '']) => left.length), 0) + 3;
  return [
    `dialmark ${name}: ${summary}`,
    '',
    'Usage',
    ...usage.map((form) => `  dialmark ${form}`),
    '',
    'Options',
    ...rows.map(([left = '', right]) => `${left.padEnd(width)}${right}`),
    ...(details.length > 0 ? ['', ...details] : []),
  ].join('\n');
}
