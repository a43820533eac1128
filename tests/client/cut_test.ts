// A connection that is cut in the middle of any kind of answer is an error of ours, never a bug with a stack.
import { DbxError } from "../../lib/base/errors.ts";
import { toExitResult } from "../../lib/cli/launch/errors.ts";
import { RemoteRepository } from "../../lib/client/remote_repository.ts";
import { App } from "../../lib/server/app.ts";
import { serveHttp } from "../../lib/server/listen/listen.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { startProxy } from "../sync/proxy.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;

const ASK: Readonly<Record<string, (repository: RemoteRepository) => Promise<unknown>>> = {
  list: (repository) => repository.list(),
  query: async (repository) => await Array.fromAsync(await repository.query("select * from points order by value")),
  series: (repository) => repository.series("value"),
  schema: (repository) => repository.schema(),
  find: (repository) => repository.findExperiment("0000000000exp"),
  view: (repository) => repository.view(),
  experiments: async (repository) => await Array.fromAsync(repository.experiments()),
  live: async (repository) => {
    for await (const _ of repository.live("select * from points order by value")) return;
  },
};

Deno.test("a repository behind a URL: connections that are cut in any answer are errors that say so [slow]", async (t) => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${TIME}}\n`));
  await store.create("0000000000exp/meta.json", encode(`{"id":"0000000000exp","kind":"k",${TIME}}\n`));
  const run = "0000000000exp/runs/0000000000run";
  await store.create(`${run}/meta.json`, encode(`{"id":"0000000000run",${TIME}}\n`));
  const lines = Array.from({ length: 300 }, (_, at) => `{"event":"x/${at}","ts":${at},"value":${Math.sqrt(at)}}\n`);
  await store.append(`${run}/log.jsonl`, 0, encode(lines.join("")));

  const controller = new AbortController();
  const { promise, resolve: onListen } = Promise.withResolvers<string>();
  using app = new App({ repositories: [{ name: "r", store }], hosts: ["127.0.0.1"] });
  const done = serveHttp(app.handle, { signal: controller.signal, onListen });
  await using proxy = startProxy(await promise);
  for (const [what, ask] of Object.entries(ASK)) {
    await t.step(what, async () => {
      const once = async (fault: Parameters<typeof proxy.reset>[0]): Promise<unknown> => {
        const client = Deno.createHttpClient({});
        const transport = (request: Request) => fetch(request, { client });
        proxy.reset();
        const repository = await RemoteRepository.open(proxy.url, { transport, pause: 1 });
        proxy.reset(fault);
        try {
          return await ask(repository);
        } finally {
          client.close();
        }
      };
      await once(undefined);
      const total = proxy.passed.down;
      assert(total > 100);
      for (const part of [0.02, 0.3, 0.6, 0.95]) {
        // Each connection, so that trying again does not help.
        const fault = { way: "down", at: Math.floor(total * part), each: true } as const;
        const error = await once(fault).then(() => undefined, (error: unknown) => error);
        // What asks several times may get each answer through.
        if (error === undefined && part > 0.5) continue;
        assert(error instanceof DbxError, `${what} ${part}: ${(error as Error | undefined)?.stack}`);
        assertStringIncludes(error.message, "try again");
        assertEquals(toExitResult(error).exitCode, 1);
        assert(!/bug/.test(toExitResult(error).lines.join("\n")));
      }
    });
  }
  controller.abort();
  await done;
});
