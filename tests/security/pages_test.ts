// Pages and answers of dbx serve in a browser: what others wrote is never markup or script there.
import { objectName } from "../../lib/format/layout/names.ts";
import { LOGIN_SCRIPT } from "../../lib/server/routes/pages/html.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { serve } from "../server/world.ts";
import { EXP, hostileRepository, RUN } from "./hostile_repository.ts";

const EVIL = `<script>alert(1)</script>"><img src=x onerror=alert(2)>'</title></textarea><svg onload=alert(3)>`;

Deno.test("pages: whatever a repository or an address holds, no answer is a page of its maker", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await hostileRepository(path, () => EVIL);
  const bytes = new TextEncoder().encode(`<!doctype html><body>${EVIL}</body>`);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await Deno.mkdir(`${path}/objects/${sha256.slice(0, 2)}`, { recursive: true });
  await Deno.writeFile(`${path}/${objectName(sha256)}`, bytes);
  await using server = await serve({ path });
  const evil = encodeURIComponent(EVIL);
  const sql = encodeURIComponent("SELECT * FROM events");
  const routes = [
    "/",
    "/login",
    "/login.js",
    `/${evil}`,
    `/?${evil}`,
    `/login?token=${evil}`,
    "/api/v1",
    "/api/v1/experiments",
    "/api/v1/list?cols=kind,name,params",
    `/api/v1/experiments/${EXP}`,
    `/api/v1/experiments/${evil}`,
    `/api/v1/runs/${RUN}`,
    `/api/v1/${evil}`,
    `/api/v1/find?id=${evil}&of=run`,
    ...["json", "jsonl", "csv", "tsv", "markdown", "rows", "html", evil].flatMap((format) => [
      `/api/v1/query?sql=${sql}&format=${format}`,
      `/api/v1/query?sql=${evil}&format=${format}`,
    ]),
    `/api/v1/series?series=${evil}`,
    "/api/v1/series?series=*",
    "/api/v1/schema",
    `/api/v1/objects/${sha256}`,
    `/api/v1/objects/${evil}`,
    `/api/v1/files/${objectName(sha256)}`,
    `/api/v1/files/${EXP}/meta.json`,
    `/api/v1/files/${evil}`,
    `/repos/${evil}/api/v1`,
    "/metrics",
  ];
  for (const route of routes) {
    const response = await fetch(server.url + route, { headers: { accept: "text/html,*/*", "accept-language": EVIL } });
    const text = await response.text();
    const { headers } = response;
    const type = headers.get("content-type") ?? "";
    const where = `${route}: ${response.status} ${type}`;
    assertEquals(headers.get("x-content-type-options"), "nosniff", where);
    const policy = headers.get("content-security-policy") ?? "";
    assert(/default-src 'none'/.test(policy) && /frame-ancestors 'none'/.test(policy), `${where}: ${policy}`);
    assert(!/unsafe|data:|\*|https?:/.test(policy), `${where}: ${policy}`);
    assert(!/svg|xml|pdf|xhtml/.test(type), where);
    if (text === "") continue;
    assert(type !== "", where);
    if (!/html|javascript/.test(type)) continue;
    assert(["/", "/login", "/login.js"].includes(route.replace(/\?.*/, "")), where);
    for (const bad of ["alert(", "onerror", "onload"]) assert(!text.includes(bad), where);
  }
});

Deno.test("pages: the script of the log-in page writes texts, no markup, and leads to this server only", () => {
  assert(!/innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|location\s*=/.test(LOGIN_SCRIPT));
  assertEquals([...LOGIN_SCRIPT.matchAll(/location\.replace\(("[^"]*")\)/g)].map(([, target]) => target), ['"/"']);
});
