// The one typed edge to @std/assert, whose npm build ships no types.
import * as std from "@std/assert";

type Class<E extends Error> = abstract new (...args: never[]) => E;

export function assert(value: unknown, message?: string): asserts value {
  std.assert(value, message);
}
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  std.assertEquals(actual, expected, message);
}
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  std.assertMatch(actual, expected, message);
}
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  std.assertStringIncludes(actual, expected, message);
}
export function assertThrows<E extends Error = Error>(f: () => unknown, kind?: Class<E>, includes?: string): E {
  return std.assertThrows(f, kind as never, includes) as E;
}
export async function assertRejects<E extends Error = Error>(
  f: () => Promise<unknown>,
  kind?: Class<E>,
  includes?: string,
): Promise<E> {
  return await std.assertRejects(f, kind as never, includes) as E;
}
