/** Returns a caller's number without what makes it a person's: country and area stay, the last two digits help to recognise. */
export function maskCaller(number: string | null): string {
  if (number === null) return 'withheld';
  return number.length <= 7
    ? '•'.repeat(number.length)
    : `${number.slice(0, 5)}${'•'.repeat(number.length - 7)}${number.slice(-2)}`;
}
