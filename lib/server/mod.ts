/**
 * The server of dbx, to embed in a program of your own. `dbx serve` is made of the same parts. `lib/docs/API.md` describes the
 * interface that it offers, and `lib/docs/SECURITY.md` what it guards against.
 *
 * @module
 */

/**
 * A whole server: repositories, queries, live queries, logging, synchronisation.
 *
 * @example Serve a repository until a signal aborts
 * ```ts
 * import { App, type AppOptions, type ListenOptions, type RequestLine, type ServedOptions } from "./mod.ts";
 * import { LocalStore } from "../store/mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const served: ServedOptions = { name: "mine", store: new LocalStore(folder), folder: `${folder}/.dbx/index` };
 * const options: AppOptions = { repositories: [served], hosts: ["127.0.0.1"], onError: console.error };
 * using app = new App(options);
 *
 * const controller = new AbortController();
 * const log: RequestLine[] = [];
 * const listening = Promise.withResolvers<string>();
 * const where: ListenOptions = {
 *   port: 0,
 *   signal: controller.signal,
 *   onListen: listening.resolve,
 *   onRequest: (line) => log.push(line),
 * };
 * const ended = app.listen(where);
 *
 * const url = await listening.promise;
 * const body = JSON.stringify({ kind: "train", params: { lr: 0.1 } });
 * const made = await fetch(`${url}/api/v1/experiments`, { method: "POST", body });
 * if (made.status !== 201) throw new Error(await made.text());
 * await made.body?.cancel();
 *
 * controller.abort();
 * await ended;
 * if (log[0].path !== "/api/v1/experiments") throw new Error("the request is logged");
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @example Answer requests that another server received
 * ```ts
 * import { App, type Sender } from "./mod.ts";
 * import { LocalStore } from "../store/mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * using app = new App({ repositories: [{ name: "mine", store: new LocalStore(folder) }], token: "at least 16 characters" });
 *
 * const handler = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> => {
 *   const sender: Sender = { address: info.remoteAddr.hostname };
 *   return app.fetch(request, sender);
 * };
 * const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
 *
 * const headers = { authorization: "Bearer at least 16 characters" };
 * const response = await fetch(`http://127.0.0.1:${server.addr.port}/api/v1`, { headers });
 * const { role } = await response.json();
 * if (role !== "admin") throw new Error(`the role is ${role}`);
 * app.stop();
 * await server.shutdown();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export { App, type AppOptions, type ListenOptions, type Sender } from "./app.ts";
export type { ServedOptions } from "./repository/served_repository.ts";
export type { RequestLine } from "./listen/listen.ts";

/**
 * The tokens of a repository, as `dbx token` manages them: their roles, and how much each may write.
 *
 * @example
 * ```ts
 * import { App, type Role, TokenFile, type TokenLimits } from "./mod.ts";
 * import { LocalStore } from "../store/mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const store = new LocalStore(folder);
 * const tokens = TokenFile.of(folder);
 * const role: Role = "write";
 * const limits: TokenLimits = { bytes: 1e9, files: 10_000 };
 * const token = tokens.add("laptop", role, Date.now(), { limits });
 *
 * using app = new App({ repositories: [{ name: "mine", store, tokens }] });
 * const ask = (token: string) =>
 *   app.fetch(new Request("http://localhost/api/v1", { headers: { authorization: `Bearer ${token}` } }));
 * const about = await (await ask(token)).json();
 * if (about.token !== "laptop" || about.role !== "write") throw new Error(JSON.stringify(about));
 * if ((await ask("a wrong one")).status !== 401) throw new Error("refused");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export { TokenFile } from "./access/token_file.ts";
export type { Role } from "../protocol/roles.ts";
export type { TokenLimits } from "./access/token_limits.ts";

/**
 * Only the files of one repository, in any store: enough for others to synchronise with it.
 *
 * @example Answer requests from a store
 * ```ts
 * import { type ServedFilesOptions, storeRoutes } from "./mod.ts";
 * import { MemoryStore } from "../store/mod.ts";
 *
 * const store = new MemoryStore();
 * await store.create("dbx.json", new TextEncoder().encode('{"version":1}'));
 * const options: ServedFilesOptions = { readOnly: true, onError: console.error };
 * const answer = storeRoutes(store, options);
 *
 * const response = await answer(new Request("http://localhost/api/v1/files/dbx.json"));
 * if ((await response.json()).version !== 1) throw new Error("the file");
 * ```
 *
 * @example Answer one who holds the other ends of two pipes, as `dbx serve --pipe` does
 * ```ts
 * import { servePipe, storeRoutes } from "./mod.ts";
 * import { MemoryStore } from "../store/mod.ts";
 *
 * const answer = storeRoutes(new MemoryStore());
 * const requests = new Blob([]).stream(); // Here nobody asks, and it ends.
 * await servePipe((request) => answer(request), requests, { write: (bytes) => Deno.stdout.write(bytes).then(() => {}) });
 * ```
 */
export { storeRoutes } from "./store_routes.ts";
export type { ServedFilesOptions } from "./repository/served_files.ts";
export { servePipe } from "./listen/listen_pipe.ts";

/**
 * The interface itself: its table of routes, and the same as an OpenAPI document.
 *
 * @example
 * ```ts
 * import { type DocumentOptions, openApi, type Route, ROUTES } from "./mod.ts";
 *
 * const route: Route = ROUTES.show_experiment;
 * if (`${route.method} ${route.path}` !== "GET /api/v1/experiments/{exp}") throw new Error(route.path);
 *
 * const options: DocumentOptions = { needsTokens: true, cookie: "dbx_token_443" };
 * const document = openApi(options) as { paths: Record<string, unknown> };
 * if (!(route.path in document.paths)) throw new Error("it is described");
 * ```
 */
export { type DocumentOptions, openApi } from "./openapi.ts";
export { type Route, ROUTES } from "../protocol/route_table.ts";
