const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A text with the names that git has put in quotes written as they are: `"a\303\274.txt"` is `aü.txt`. */
export function withPlainNames(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"/g, (_, quoted: string) => {
    const bytes = [...quoted.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/g)].flatMap(([, octal, letter, plain]) =>
      octal !== undefined
        ? [parseInt(octal, 8)]
        : letter !== undefined
        ? [ESCAPES[letter] ?? letter.charCodeAt(0)]
        : [...new TextEncoder().encode(plain)]
    );
    return new TextDecoder().decode(new Uint8Array(bytes));
  });
}
