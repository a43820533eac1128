// What the handlers of synchronisation share.
import { classifyPath } from "../../../format/layout/file_kind.ts";
import type { BulkOptions } from "../../../store/store.ts";
import type { WriteGuard } from "../../../store/write_guard.ts";
import { checkRight } from "../../access/access.ts";
import { HttpError } from "../../http/http_error.ts";
import type { StoreCall } from "../call.ts";

/** Does work in bulk when it is the client's turn. */
export function inTurn(
  { files: { bulk }, client, gone, sent }: StoreCall,
  work: (how: Required<BulkOptions>) => Promise<Response>,
): Promise<Response> {
  return bulk.run({ client, gone, sent }, (pace, signal) => work({ pace, signal }));
}

/** What decides over the writes of a client. */
export function guardOf({ files: { options: { writes } }, caller }: StoreCall): WriteGuard | undefined {
  // Without decisions about single writes, only clients with full write access can write.
  if (writes === undefined) checkRight(caller, "others");
  return writes?.guard(caller);
}

/** The name of a file of the repository; refuses any other. */
export function checkName(name: string, { files }: StoreCall): string {
  if (classifyPath(name) === undefined) throw new HttpError(400, "not the name of a file that belongs in a repository");
  files.checkInside(name);
  return name;
}
