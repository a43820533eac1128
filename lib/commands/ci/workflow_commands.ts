import type { Output } from "../../terminal/output.ts";

/**
 * Prints while GitHub Actions obeys nothing of what is printed: texts of a repository could hold workflow commands, such as
 * `::set-output` at the start of a line or `##[…]` anywhere in it.
 */
export function guardedFromCommands(out: Output, print: () => void): void {
  const token = `dbx-${crypto.randomUUID()}`;
  out.line(`::stop-commands::${token}`);
  try {
    print();
  } finally {
    out.line(`::${token}::`);
  }
}
