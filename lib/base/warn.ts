import { printable } from "./printable.ts";

/** Says something on stderr for a library that was given no other place: messages may hold what others wrote. */
export function warn(message: string): void {
  console.error(`dbx: ${printable(message)}`);
}
