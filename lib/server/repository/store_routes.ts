import { messageOf } from "../../base/errors.ts";
import { withBulkFallback } from "../../store/bulk_fallback.ts";
import { isIntact } from "../../protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { BulkStore, Store } from "../../store/store.ts";
import { digestedJson } from "../http/responses.ts";
import { jsonOf } from "../api/body.ts";
import { readBeginning } from "../http/read_body.ts";
import { BulkWork } from "../listen/bulk_work.ts";
import { files } from "./file_routes.ts";
import { Inventories } from "./inventories.ts";
import { OWNER } from "../access/roles.ts";
import { checkProtocol, needProtocol } from "../http/protocol_version.ts";
import { garbled, HttpError, isUnexpected, refuse } from "../http/http_error.ts";
import { type Asking, BODY, checkWritable, inTurn, type Options, type RouteOptions } from "./store_options.ts";
import { give, inventory, prove, settle, take } from "./sync_routes.ts";

/**
 * Answers requests below `/api/v1/` about one repository, in the thread that calls it. What takes long gives way to other
 * work every few milliseconds, and each client has four such requests at the same time; how many small ones there are, and how
 * slow clients may be, is for the caller to bound, as {@linkcode serveHttp} does.
 */
export function storeRoutes(
  plain: Store,
  options: RouteOptions = {},
): (request: Request, asking?: Asking) => Promise<Response> {
  const store = withBulkFallback(plain);
  const { bulk = new BulkWork() } = options;
  // A writer that did not know of a purge went on: what it wrote goes again.
  const again = plain instanceof LocalStore && options.readOnly !== true
    ? (ids: readonly string[]) => buryAgain(plain, ids, options)
    : undefined;
  const inventories = new Inventories(store, bulk.paceOf("inventories"), again);
  const inside = (name: string) => plain instanceof LocalStore && plain.checkInside(name);
  return async (request, { caller = OWNER, client = "all", gone, sent } = {}) => {
    try {
      checkProtocol(request.headers);
      if (!isIntact(request)) throw garbled();
      const all = { ...options, caller, client, gone, sent, bulk, inventories, inside };
      const response = await answer(store, request, all);
      response.headers.set(PROTOCOL_HEADER, PROTOCOL);
      return response;
    } catch (error) {
      const unexpected = isUnexpected(error);
      if (unexpected !== undefined) options.onError?.(unexpected);
      if (error instanceof Error && options.hide !== undefined) error.message = options.hide(error.message);
      return refuse(error);
    }
  };
}

async function answer(store: BulkStore, request: Request, options: Options): Promise<Response> {
  const url = new URL(request.url);
  const at = /^\/api\/v1\/(files|sync)\/(.*)$/.exec(url.pathname);
  if (at === null) throw new HttpError(404, "there is no such route");
  const [, group, rest] = at;
  if (group === "files") return await files(store, request, rest, options);
  needProtocol(request.headers);
  if (request.method !== "POST") throw new HttpError(405, "only POST is allowed here", { allow: "POST" });
  switch (rest) {
    case "inventory":
      return await inventory(await jsonOf("inventory", request), request, options);
    case "prove":
      return await inTurn(options, async (how) => {
        return digestedJson(await prove(store, await jsonOf("prove", request), options, how));
      });
    case "give":
      return await inTurn(options, async (how) => give(store, await jsonOf("give", request), options, how));
    case "take":
      checkWritable(options);
      return await inTurn(options, async () => {
        const body = await readBeginning(request, BODY);
        const { bulk, client, gone } = options;
        return digestedJson(
          body.cut === undefined
            ? await bulk.take(client, gone, () => take(store, body, url.searchParams, options))
            : await bulk.takeCut(client, () => take(store, body, url.searchParams, { ...options, gone: undefined })),
        );
      });
    case "settle":
      checkWritable(options);
      return await inTurn(options, async () => settle(store, await jsonOf("settle", request), options));
  }
  throw new HttpError(404, "there is no such route");
}

function buryAgain(store: LocalStore, ids: readonly string[], { onError }: RouteOptions): void {
  store.bury(ids).then(
    ({ problems }) => problems.forEach((problem) => onError?.(problem)),
    (error) => onError?.(messageOf(error)),
  );
}
