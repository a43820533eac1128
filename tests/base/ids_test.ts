import { isId, isIdV0, newId } from "../../lib/base/ids.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("newId: 13 characters of 0-9a-z, never twice [F6]", { permissions: "none" }, () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newId()));
  assertEquals(ids.size, 10_000);
  for (const id of ids) assert(isId(id), id);
});

Deno.test("newId: bytes that would favour some characters are passed over [F6]", { permissions: "none" }, () => {
  let round = 0;
  assertEquals(newId((bytes) => bytes.fill(round++ === 0 ? 255 : 37)), "1".repeat(13));
});

Deno.test("isId, isIdV0: v0 knows more characters", { permissions: "none" }, () => {
  assert(isId("0123456789abc") && isIdV0("0123456789abc"));
  assert(!isId("_A23456789abc") && isIdV0("_A23456789abc"));
  for (const bad of ["", "abc", "0123456789abcd", "0123456789ab-", "../3456789abc"]) assert(!isId(bad) && !isIdV0(bad));
});
