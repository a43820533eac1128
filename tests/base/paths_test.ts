import { assertEquals } from "@std/assert";
import { absolute, ifAbsolute, isAbsolute } from "../../lib/base/paths.ts";

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

Deno.test("paths: on Windows they begin with a drive, and have slashes too", () => {
  assertEquals(absolute("a\\..\\b/c", "C:\\runs"), "C:/runs/b/c");
  assertEquals(absolute("D:\\x\\", "C:/runs"), "D:/x");
  assertEquals(ifAbsolute("C:\\Users\\ada\\"), "C:/Users/ada");
  assertEquals([isAbsolute("C:\\x"), isAbsolute("x\\y"), isAbsolute("c:x")], [true, false, false]);
});
