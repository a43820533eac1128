import { App, type AppOptions } from "../../lib/server/app.ts";
import { serveHttp, type ServeOptions } from "../../lib/server/listen/listen.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { scratch } from "../e2e/dbx.ts";

/** A server of one repository, in this process. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  /** The routes: `${api}/query`. */
  readonly api: string;
  readonly app: App;
  /** The folder of the repository. */
  readonly path: string;
  /** A folder beside it. */
  readonly beside: string;
  readonly errors: string[];
}

/** Serves a folder, a new one without a path. */
export async function serve(
  options: Partial<AppOptions> & { readonly path?: string; readonly http?: ServeOptions } = {},
): Promise<Server> {
  const folder = await scratch();
  const path = options.path ?? `${folder.path}/repo`;
  const errors: string[] = [];
  const store = new LocalStore(path);
  const app = new App({
    repositories: [{ name: "repo", store, folder: `${path}/.dbx/index` }],
    hosts: ["127.0.0.1"],
    onError: (message) => errors.push(message),
    ...options,
  });
  const controller = new AbortController();
  const { promise, resolve: onListen } = Promise.withResolvers<string>();
  const onCut = (why: string) => app.metrics.cut(why);
  const served = serveHttp(app.handle, {
    onCut,
    quick: app.quick,
    whose: app.whose,
    ...options.http,
    signal: controller.signal,
    onListen,
  });
  const url = await promise;
  return {
    url,
    api: `${url}/api/v1`,
    app,
    path,
    beside: folder.path,
    errors,
    async [Symbol.asyncDispose]() {
      app.stop();
      controller.abort();
      await served;
      app[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Posts JSON. */
export function post(url: string, json: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(json), headers });
}
