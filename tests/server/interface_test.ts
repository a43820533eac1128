import { openApi } from "../../lib/server/openapi.ts";
import { assert, assertEquals } from "../assert.ts";
import { newId } from "../../lib/base/ids.ts";
import { OPERATIONS } from "./operations.ts";
import { post, serve } from "./world.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

/** The document, as far as its shape is tested. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

Deno.test("the interface: the document describes each route of the table", () => {
  const { paths } = openApi({ needsTokens: true, cookie: "dbx_token_80" }) as Document;
  const described = Object.values(paths).flatMap((path) => Object.values(path).flatMap((one) => one.operationId ?? []));
  assertEquals(described.toSorted(), OPERATIONS.map(({ name }) => name).toSorted());
  assertEquals(new Set(described).size, described.length);
  for (const { name, path, method } of OPERATIONS) {
    assertEquals(paths[path][method.toLowerCase()].operationId, name);
  }
});

Deno.test("the interface: each route is offered with its methods and no other, at the top and below a name", async () => {
  await using server = await serve();
  const document = await (await fetch(`${server.api}/openapi.json`)).json() as Document;
  for (const [path, operations] of Object.entries(document.paths)) {
    const known = new Set(
      Object.keys(operations).map((key) => key.toUpperCase()).filter((key) => METHODS.includes(key)),
    );
    if (known.has("GET")) known.add("HEAD");
    known.add("OPTIONS");
    for (const prefix of ["", ...path.startsWith("/api/") ? ["/repos/repo"] : []]) {
      const url = server.url + prefix + path.replace(/\{\w+\}/g, "0000000000000");
      const options = await fetch(url, { method: "OPTIONS" });
      assertEquals(options.status, 204);
      assertEquals(new Set(options.headers.get("allow")!.split(", ")), known, path);
      for (const method of METHODS) {
        const response = await fetch(url, { method, ...["POST", "PUT"].includes(method) && { body: "x" } });
        if (known.has(method)) assert(response.status !== 405, `${method} ${path}`);
        else {
          assertEquals(response.status, 405, `${method} ${path}`);
          assertEquals(new Set(response.headers.get("allow")!.split(", ")), known, path);
        }
        await response.body?.cancel();
      }
    }
  }
  for (
    const path of ["/api/v1/nothing", "/api/v1/experiments/", "/api/v1/runs/a/logs", "/api/v2", "/repos/repo/healthz"]
  ) {
    assertEquals((await fetch(server.url + path)).status, 404, path);
  }
  assertEquals(server.errors, []);
});

Deno.test("the interface: every operation but the open ones needs a token, and says so", async () => {
  await using server = await serve({ token: "a token of some length" });
  const document = openApi({ needsTokens: true, cookie: "c" }) as {
    paths: Record<string, Record<string, { security?: unknown[]; responses?: Record<string, unknown> }>>;
  };
  for (const { name, path, method, right } of OPERATIONS) {
    const { security, responses } = document.paths[path][method.toLowerCase()];
    const url = server.url + path.replace(/\{\w+\}/g, "0000000000000");
    const response = await fetch(url, { method, ...["POST", "PUT"].includes(method) && { body: "{}" } });
    await response.body?.cancel();
    if (right === "open") {
      assertEquals(security, [{}]);
      assert(response.status !== 401, name);
      continue;
    }
    assertEquals(security, [{ token: [] }, { cookie: [] }]);
    assert(responses?.["401"] !== undefined, name);
    assertEquals([response.status, response.headers.get("www-authenticate")], [401, "Bearer"], name);
  }
});

Deno.test("POST /experiments: of one id there is one experiment, whatever names come at the same time", async () => {
  await using server = await serve();
  const id = newId();
  const make = async (name: string) => (await post(`${server.api}/experiments`, { id, name })).status;
  const statuses = await Promise.all(["a", "b/c", "a", ""].map(make));
  assertEquals(statuses.toSorted(), [200, 201, 409, 409]);
  assertEquals([await make("other"), await make("a")].toSorted(), [200, 409]);
  assertEquals((await (await fetch(`${server.api}/experiments/${id}`)).json()).id, id);
});
