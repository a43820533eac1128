// Writes the exchange at the start of SYNC.md, as dbx makes it now; tests/sync/wire_example_test.ts compares it.
import { wireExample, withExample } from "./spec/wire_example.ts";

const page = new URL("../lib/docs/SYNC.md", import.meta.url);
await Deno.writeTextFile(page, withExample(await Deno.readTextFile(page), await wireExample()));
