/** A field: what tells what it is for, in the order in which that is believed, and what was entered. */
export type Field = readonly [autocomplete: string, type: string, name: string, label: string, entered: string];

const WORDS = /^[^@\d]+$/;

/** Finds the sender: by `autocomplete`, else the type, else the name, else the label; what was entered must look like it too. */
export function contactOf(fields: readonly Field[]): Record<'email' | 'phone' | 'name', string | undefined> {
  const find = (what: RegExp, entered: RegExp) =>
    [0, 1, 2, 3].flatMap((clue) =>
      fields.filter((field) => what.test(field[clue] as string) && entered.test(field[4])),
    )[0]?.[4];
  const name = find(/^(?!.*(user|comp|firm)).*(name|first|nom|naam)/i, WORDS);
  const last = find(/last|sur|famil|nach|apell|^nom/i, WORDS);
  return {
    email: find(/mail/i, /\S@\S/),
    phone: find(/phone|tel|mobil|cell/i, /(\d\D*){7}/),
    name: [...new Set([name, last])].join(' '),
  };
}
