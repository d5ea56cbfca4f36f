type Fields = Record<string, string | number | boolean | null | undefined>;

const line = (level: string, event: string, fields: Fields) => JSON.stringify({ level, event, ...fields });

/**
 * The log: one line of JSON an event. No addresses of visitors, no callers, no paths with ids in them: what is logged is
 * kept where erasure does not reach.
 */
export const log = {
  info(event: string, fields: Fields = {}): void {
    console.log(line('info', event, fields));
  },
  warn(event: string, fields: Fields = {}): void {
    console.warn(line('warn', event, fields));
  },
  error(event: string, fields: Fields = {}): void {
    console.error(line('error', event, fields));
  },
};
