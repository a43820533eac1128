// Gives up what its argument does not list, as the main isolate does, and tries what a command must not be able to do.
import { canNarrow, narrow } from "../../lib/cli/launch/narrow.ts";
import { probe } from "./probe.ts";

const { permissions, ...place } = JSON.parse(Deno.args[0]);
const can = canNarrow(permissions);
let after: Record<string, string> | undefined;
if (can) {
  narrow(permissions);
  after = await probe(place);
  // Nothing comes back.
  for (const name of ["read", "write"] as const) Deno.permissions.requestSync({ name, path: "/" });
  for (const name of ["run", "net", "env"] as const) Deno.permissions.requestSync({ name });
}
console.log(JSON.stringify({ can, after, again: can ? await probe(place) : undefined }));
