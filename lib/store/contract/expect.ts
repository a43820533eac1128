/** Throws unless two values are equal as JSON. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, wanted] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
  if (is !== wanted) throw new Error(`${what}: got ${is.slice(0, 500)}, expected ${wanted.slice(0, 500)}`);
}

/** Throws unless a call rejects with an error of a class. */
export async function expectError(
  call: () => Promise<unknown>,
  kind: abstract new (...given: never[]) => Error,
  what: string,
): Promise<void> {
  let result = "it resolved";
  try {
    await call();
  } catch (error) {
    if (error instanceof kind) return;
    result = `it threw ${error}`;
  }
  throw new Error(`${what}: expected a rejection with ${kind.name}, but ${result}`);
}

/** Text as bytes. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Bytes as text. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
