/** Scripts with digits of their own (Unicode, general category Nd): all in use but those outside the first plane. */
const OTHER_DIGITS = /[\u0660-\u1819\uff10-\uff19]/;

/** Writes the digits of every script as 0 to 9. A block of ten begins at …0, in the scripts of India at …6. */
export function plain(text: string): string {
  return OTHER_DIGITS.test(text)
    ? text.replace(/[\u0660-\uff19]/g, (char) => {
        const code = char.charCodeAt(0);
        return /\p{Nd}/u.test(char) ? `${(code & 15) - (code > 2405 && code < 3600 ? 6 : 0)}` : char;
      })
    : text;
}
