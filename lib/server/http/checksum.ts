import { isIntact } from "../../protocol/integrity.ts";
import { garbled } from "./http_error.ts";

/** Refuses a request that is not what was sent, as far as it says. */
export function checkIntact({ request }: { readonly request: Request }): void {
  if (!isIntact(request)) throw garbled();
}
