import { PROTOCOL, PROTOCOL_HEADER } from "../protocol/version.ts";
import type { Store } from "../store/store.ts";
import { type Caller, OWNER } from "./access/roles.ts";
import { findRoute } from "./api/router.ts";
import { HttpError } from "./http/http_error.ts";
import { checkIntact } from "./http/checksum.ts";
import { checkProtocol } from "./http/protocol_version.ts";
import { answerErrors } from "./middleware/answer_errors.ts";
import { dropBodyOfHead } from "./middleware/bodies.ts";
import { checkRequest, checkRole, checkWritable } from "./middleware/check_call.ts";
import { answerOptions } from "./middleware/methods.ts";
import { check, compose } from "./middleware/middleware.ts";
import type { Endpoint, StoreCall } from "./routes/call.ts";
import { STORE_ENDPOINTS } from "./routes/handlers.ts";
import { ServedFiles, type ServedFilesOptions } from "./repository/served_files.ts";

/** The client that asks. */
export interface Asking {
  /** What they may do. Default: all. */
  readonly caller?: Caller;
  /** Whose the request is: work in bulk is bounded for each. Default: one for all. */
  readonly client?: string;
  /** Aborts when who asks has left. */
  readonly gone?: AbortSignal;
  /** Resolves when the answer is sent, or cut. Default: work in bulk is over when its answer begins. */
  readonly sent?: Promise<void>;
}

const ENDPOINTS: Readonly<Record<string, Endpoint<StoreCall>>> = STORE_ENDPOINTS;

/**
 * Answers requests below `/api/v1/` about the files of one repository, in the thread that calls it. What takes long gives way
 * to other work every few milliseconds, and each client has four such requests at the same time; how many small ones there
 * are, and how slow clients may be, is for the caller to bound, as {@linkcode serveHttp} does.
 */
export function storeRoutes(
  store: Store,
  options: ServedFilesOptions = {},
): (request: Request, asking?: Asking) => Promise<Response> {
  const files = new ServedFiles(store, options);
  const answerCall = compose<StoreCall>(
    [check(checkRole), check(checkWritable), check(checkRequest), dropBodyOfHead],
    (call) => ENDPOINTS[call.name].handle(call),
  );
  const answer = compose<{ readonly request: Request; readonly url: URL; readonly asking: Asking }>(
    [
      answerErrors(options),
      check(checkProtocol),
      check(checkIntact),
      answerOptions(),
    ],
    ({ request, url, asking: { caller = OWNER, client = "all", gone, sent } }) => {
      const route = findRoute(request.method, url.pathname);
      if (route instanceof HttpError) throw route;
      const { name, path } = route;
      const contract = ENDPOINTS[name];
      if (contract === undefined) throw new HttpError(404, "there is no such route");
      return answerCall({ name, contract, request, url, path, files, caller, client, gone, sent });
    },
  );
  return async (request, asking = {}) => {
    const response = await answer({ request, url: new URL(request.url), asking });
    response.headers.set(PROTOCOL_HEADER, PROTOCOL);
    return response;
  };
}
