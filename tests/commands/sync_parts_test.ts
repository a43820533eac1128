import { UsageError } from "../../lib/base/errors.ts";
import { parseLocation } from "../../lib/client/location/location.ts";
import { rateOf } from "../../lib/cli/rate.ts";
import { durationOption } from "../../lib/cli/duration_option.ts";
import { assertEquals, assertThrows } from "../assert.ts";

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
