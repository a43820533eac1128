import { UsageError } from "../../lib/base/errors.ts";
import { parseLocation } from "../../lib/client/location/location.ts";
import { rateOf } from "../../lib/cli/rate.ts";
import { durationOption } from "../../lib/cli/duration_option.ts";
import { rateLimited } from "../../lib/store/rate_limited.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

Deno.test("parseLocation: folders, servers, hosts", () => {
  const parse = (text: string) => parseLocation(text, "/home/me");
  assertEquals(parse("x/../y"), { kind: "folder", path: "/home/me/y" });
  assertEquals(parse("./a:b"), { kind: "folder", path: "/home/me/a:b" });
  assertEquals(parse("file:///data/my%20runs"), { kind: "folder", path: "/data/my runs" });
  assertEquals(parse("http://lab:7070/"), { kind: "http", url: "http://lab:7070", host: "lab:7070" });
  assertEquals(parse("https://lab/team/"), { kind: "http", url: "https://lab/team", host: "lab:443" });
  assertEquals(parse("ssh://me@gpu:22/data/x"), { kind: "ssh", host: "me@gpu", port: "22", path: "/data/x" });
  assertEquals(parse("ssh://gpu/~/x"), { kind: "ssh", host: "gpu", port: undefined, path: "~/x" });
  assertEquals(parse("me@gpu:output"), { kind: "ssh", host: "me@gpu", path: "output" });
  assertEquals(parse("gpu:"), { kind: "ssh", host: "gpu", path: "." });
  for (const bad of ["", "http://", "http://me:secret@lab/", "s3://bucket", "ssh://-oX=y/z", "-x:y", "me@-x:y"]) {
    assertThrows(() => parse(bad), UsageError);
  }
});

Deno.test("rates and lengths of time", () => {
  assertEquals(["500B", "2k", "1.5M", "1MB/s"].map((word) => rateOf(word, "limit")), [500, 2048, 1572864, 1048576]);
  for (const bad of ["", "fast", "-1", "0", "0M", "1x"]) {
    assertThrows(() => rateOf(bad, "limit"), UsageError, `Cannot use "${bad}" as --limit`);
  }
  for (const bare of ["50", "50/s"]) {
    assertThrows(() => rateOf(bare, "max-rate"), UsageError, "50M is 50 megabytes a second, 50B is 50 bytes a second");
  }
  assertEquals([
    durationOption("0s", "x"),
    durationOption("90m", "x"),
    durationOption("1.5h", "x"),
    durationOption("30d", "x"),
    durationOption("2w", "x"),
  ], [
    0,
    5_400_000,
    5_400_000,
    30 * 86_400_000,
    14 * 86_400_000,
  ]);
  for (const bad of ["", "5", "d", "-1d", "1y"]) {
    assertThrows(() => durationOption(bad, "older-than"), UsageError, "--older-than");
  }
});

Deno.test("metered: nothing is lost or changed by a limit, and it holds", async () => {
  const bytes = new Uint8Array(30_000).map((_, at) => at);
  const parts = async function* (): AsyncGenerator<readonly FileChunk[], void> {
    for (const name of ["a", "b"]) {
      yield await Promise.resolve([{ name, offset: 7, bytes, end: true, size: 30_007, modifiedAt: 5 }]);
    }
  };
  const from = performance.now();
  let counted = 0, files = 0;
  const seen: FileChunk[] = [];
  const onBytes = (bytes: number, ended: number) => (counted += bytes, files += ended);
  for await (const batch of rateLimited(parts(), { limit: 200_000, onBytes })) seen.push(...batch);
  assert(performance.now() - from > 250, "60,000 bytes at 200,000 a second");
  assertEquals([counted, files], [60_000, 2]);
  let at = 7;
  for (const part of seen.filter(({ name }) => name === "b")) {
    assertEquals(part.offset, at);
    at += part.bytes.length;
    assertEquals(part.end, at === 30_007);
  }
  assertEquals(at, 30_007);
});
