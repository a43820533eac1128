// One way from a word to a repository, and one rule of which token goes where.
import { UsageError } from "../../../lib/base/errors.ts";
import { addressOf, isReadable, parseLocation, schemeOf } from "../../../lib/client/location/location.ts";
import { SCHEMES } from "../../../lib/client/location/schemes/registry.ts";
import { Credentials } from "../../../lib/client/location/credentials.ts";
import { tokensFor } from "../../../lib/client/location/tokens.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

Deno.test({ name: "locations: each has one scheme, an address and a name", permissions: "none" }, () => {
  const cases: [text: string, kind: string, address: string, name: string | undefined, isReadable: boolean][] = [
    ["x/../runs", "folder", "/home/me/runs", "runs", true],
    ["file:///data/my%20runs", "folder", "/data/my runs", "my runs", true],
    ["./a:b", "folder", "/home/me/a:b", "a:b", true],
    ["/", "folder", "/", undefined, true],
    ["HTTP://Lab:7070/team/?x#y", "http", "http://lab:7070/team", "lab", true],
    ["ssh://me@gpu:22/data/x/", "ssh", "ssh://me@gpu:22/data/x/", "x", false],
    ["me@gpu:output", "ssh", "me@gpu:output", "output", false],
    ["gpu:", "ssh", "gpu:", undefined, false],
  ];
  for (const [text, kind, address, name, readable] of cases) {
    const location = parseLocation(text, "/home/me");
    assertEquals(location.kind, kind, text);
    assertEquals(addressOf(location, text), address, text);
    assertEquals(schemeOf(location).nameOf(location), name, text);
    assertEquals(isReadable(location), readable, text);
    // An address means the same again.
    assertEquals(parseLocation(address, "/").kind, kind, text);
  }
  assertEquals(new Set(SCHEMES.map(({ kind }) => kind)).size, SCHEMES.length);
  const error = assertThrows(() => parseLocation("s3://bucket", "/"), UsageError);
  for (const { forms } of SCHEMES) assert(error.message.includes(forms), error.message);
});

Deno.test("tokens: the file that is named, else DBX_TOKEN where it is meant, else what dbx login stores", async () => {
  await using folder = await scratch();
  const [lab, other] = ["https://lab", "https://other"];
  const config = { XDG_CONFIG_HOME: folder.path };
  new Credentials(config).keep({ url: other, token: "kept" });
  await Deno.writeTextFile(`${folder.path}/token`, "file\n");
  const tokenFile = `${folder.path}/token`;
  const named = (...urls: string[]) => urls.map((url) => ({ url, isNamed: true }));
  const env = { ...config, DBX_TOKEN: "variable" };
  const tokens = (...args: Parameters<typeof tokensFor>) =>
    Object.fromEntries(Object.entries(tokensFor(...args)).map(([url, { token }]) => [url, token]));
  assertEquals(tokens(named(lab), { env, tokenFile }), { [lab]: "file" });
  assertEquals(tokens(named(lab), { env }), { [lab]: "variable" });
  assertEquals(tokens(named(lab, other), { env }), { [other]: "kept" }, "never to a second host");
  assertEquals(tokens(named(lab, other), { env: { ...env, DBX_REPO: lab } }), { [lab]: "variable", [other]: "kept" });
  assertEquals(tokens([{ url: lab, isNamed: false }], { env }), {}, "not to a remote of the settings");
  assertEquals(tokens(named(`${other}/repos/x`), { env: config }), { [`${other}/repos/x`]: "kept" });
  assertThrows(() => tokensFor(named(lab, other), { env, tokenFile }), UsageError, "which server");
  assertThrows(() => tokensFor(named("http://lab"), { env }), UsageError, "not encrypted");
  assertEquals(tokens(named("http://lab"), { env, insecure: true }), { "http://lab": "variable" });
});

Deno.test("--repo: what can only be synchronised with is refused, with what to do", async () => {
  await using folder = await scratch();
  const { code, stderr } = await dbx(["ls", "--repo", "me@gpu:output"], { cwd: folder.path });
  assertEquals(code, 2, stderr);
  assert(stderr.includes("dbx clone") && stderr.includes("./"), stderr);
  const folderRepo = await dbx(["init", "--repo", `file://${folder.path}/x`], { cwd: folder.path });
  assertEquals(folderRepo.code, 0, folderRepo.stderr);
  assert((await Deno.stat(`${folder.path}/x/dbx.json`)).isFile);
});
