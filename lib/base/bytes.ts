// The package has no types, and a URL import of the library has no import map.
// deno-lint-ignore no-import-prefix
import { concat as concatAll } from "npm:deno-std@1.4.0/bytes/concat.js";

// deno-lint-ignore no-import-prefix
import { equals } from "npm:deno-std@1.4.0/bytes/equals.js";

/** Pieces as one. */
export const concat: (pieces: readonly Uint8Array[]) => Uint8Array<ArrayBuffer> = concatAll;

/** Whether two pieces hold the same bytes. */
export const areEqual: (a: Uint8Array, b: Uint8Array) => boolean = equals;
