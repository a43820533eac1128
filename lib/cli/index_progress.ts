import { progressBar } from "../terminal/progress.ts";
import type { Context } from "./command.ts";

/** A bar for the time that an index takes, on a terminal. */
export function indexProgress(context: Context): (done: { readonly bytes: number; readonly total: number }) => void {
  const bar = progressBar(context.stderr, "reading logs");
  return ({ bytes, total }) => bar(bytes, total);
}
