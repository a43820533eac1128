import { assertEquals } from "@std/assert";
import { absolute, ifAbsolute } from "../../lib/base/paths.ts";

Deno.test("paths: absolute ones have no dots and no slash at their end", () => {
  assertEquals(absolute("a//b/../c/.", "/x/y"), "/x/y/a/c");
  assertEquals(absolute("../../../z", "/x"), "/z");
  assertEquals(absolute("/a/", "/x"), "/a");
  assertEquals(absolute("", "/x"), "/x");
  assertEquals(absolute("a\\b", "/x"), "/x/a\\b", "a backslash is a letter here");
  assertEquals([ifAbsolute("/a/b//"), ifAbsolute("a"), ifAbsolute(""), ifAbsolute(undefined)], [
    "/a/b",
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("paths: on Windows they begin with a drive, and have slashes too", async () => {
  const program = `
    globalThis.Deno = { ...Deno, build: { ...Deno.build, os: "windows" } };
    const { absolute, isAbsolute } = await import("${new URL("../../lib/base/paths.ts", import.meta.url)}");
    console.log(JSON.stringify([
      absolute("a\\\\..\\\\b/c", "C:\\\\runs"), absolute("D:\\\\x\\\\", "C:/runs"), isAbsolute("C:\\\\x"), isAbsolute("x\\\\y"),
    ]));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", program], stderr: "inherit" }).output();
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), ["C:/runs/b/c", "D:/x", true, false]);
});
