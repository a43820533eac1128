import { openRepository } from "../../lib/client/location/open_repository.ts";
import { assertEquals, assertMatch } from "../assert.ts";
import { post, serve } from "../server/world.ts";

Deno.test("live queries: a server that is gone is said once, however often it is tried, and once that it is back", async () => {
  await using server = await serve();
  await (await post(`${server.api}/experiments`, {})).json();
  const said: string[] = [];
  const controller = new AbortController();
  let cut: (() => void) | undefined;
  let refused = 0;
  const repo = await openRepository(server.url as `http://${string}`, {
    spool: `${server.beside}/spool`,
    async transport(request) {
      if (!request.url.endsWith("/live")) return await fetch(request);
      if (cut !== undefined && ++refused <= 3) throw new TypeError("connection refused");
      const response = await fetch(request);
      const breaking = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        start(controller) {
          cut ??= () => controller.error(new TypeError("the connection broke"));
        },
      });
      return new Response(response.body!.pipeThrough(breaking), { status: response.status, headers: response.headers });
    },
    onMessage(message) {
      said.push(message);
      if (message.endsWith("can be reached again")) controller.abort();
    },
  });
  for await (const _ of repo.live("SELECT count(*) FROM experiments", {}, { signal: controller.signal })) {
    cut?.();
  }
  assertEquals(said.length, 2, said.join("\n"));
  assertMatch(said[0], /; connecting again$/);
  assertEquals([said[1], refused], [`${server.url} can be reached again`, 4]);
});
