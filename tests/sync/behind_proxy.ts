import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import type { RequestContext } from "../../lib/server/listen/types.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Timeouts } from "../../lib/client/http/exchange.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { startProxy } from "./proxy.ts";

/** A server for a folder, which must be there, a proxy before it, and what reaches it through the proxy. */
export async function serveBehindProxy(path: string, timeouts?: Timeouts) {
  const controller = new AbortController();
  const { promise, resolve: onListen } = Promise.withResolvers<string>();
  const app = new App({ repositories: [{ name: "r", store: new LocalStore(path) }], hosts: ["127.0.0.1"] });
  let active = 0;
  const handle = async (asked: RequestContext): Promise<Response> => {
    active++;
    try {
      return await app.handle(asked);
    } finally {
      active--;
    }
  };
  const done = serveHttp(handle, { signal: controller.signal, onListen });
  const proxy = startProxy(await promise);
  return {
    proxy,
    /** Whether it works on no request. */
    get isIdle(): boolean {
      return active === 0;
    },
    /** A store with connections of its own, which an earlier fault has not touched. */
    connect() {
      const client = Deno.createHttpClient({});
      const store = new RemoteStore({
        location: proxy.url,
        base: proxy.url,
        transport: (request) => fetch(request, { client }),
        ...(timeouts && { timeouts }),
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
