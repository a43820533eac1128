import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/serve.ts";
import { LocalStore } from "../../lib/store/local.ts";
import type { Patience } from "../../lib/store/remote/exchange.ts";
import { RemoteStore } from "../../lib/store/remote/remote.ts";
import { startProxy } from "./proxy.ts";

/** A server for a folder, which must be there, a proxy before it, and what reaches it through the proxy. */
export async function serveBehindProxy(path: string, patience?: Patience) {
  const controller = new AbortController();
  const { promise, resolve: onListen } = Promise.withResolvers<string>();
  const app = new App({ repositories: [{ name: "r", store: new LocalStore(path) }], hosts: ["127.0.0.1"] });
  const done = serveHttp(app.handle, { signal: controller.signal, onListen });
  const proxy = startProxy(await promise);
  return {
    proxy,
    /** A store with connections of its own, which an earlier fault has not touched. */
    connect() {
      const client = Deno.createHttpClient({});
      const store = new RemoteStore({
        location: proxy.url,
        base: proxy.url,
        transport: (request) => fetch(request, { client }),
        ...(patience && { patience }),
        pause: 1,
      });
      return Object.assign(store, { [Symbol.dispose]: () => client.close() });
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      controller.abort();
      await done;
      app[Symbol.dispose]();
    },
  };
}
