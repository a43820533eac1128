/** The length of every id: 13 characters. */
export const ID_LENGTH = 13;

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A new random id: 13 characters of `0-9a-z`, about 67 bits. */
export function newId(fill: (bytes: Uint8Array<ArrayBuffer>) => unknown = (b) => crypto.getRandomValues(b)): string {
  let id = "";
  const bytes = new Uint8Array(32);
  while (id.length < ID_LENGTH) {
    fill(bytes);
    for (const byte of bytes) {
      // 252 is the largest multiple of 36 in a byte; the rest would favour some characters.
      if (byte < 252 && id.length < ID_LENGTH) id += ALPHABET[byte % 36];
    }
  }
  return id;
}

/** Whether a text is a v1 id (`0-9a-z`). */
export function isId(text: string): boolean {
  return /^[0-9a-z]{13}$/.test(text);
}

/** Whether a text is a v0 id (`_0-9a-zA-Z`), which includes v1 ids. */
export function isIdV0(text: string): boolean {
  return /^[_0-9a-zA-Z]{13}$/.test(text);
}
