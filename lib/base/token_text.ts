/** Whether a text can be sent as a token: up to 1024 characters of printable ASCII. */
export function isTokenText(text: string): boolean {
  return /^[\x20-\x7e]{1,1024}$/.test(text);
}
