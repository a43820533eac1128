import { groupOf } from "../../../lib/server/listen/rate_limit.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("groupOf: who has one IPv6 address has the 2^64 that begin alike", () => {
  assertEquals(groupOf("127.0.0.1"), "127.0.0.1");
  assertEquals(groupOf("::ffff:10.0.0.1"), "10.0.0.1");
  assertEquals(groupOf("2001:db8:1:2:3:4:5:6"), groupOf("2001:0DB8:1:2::9"));
  assertEquals(groupOf("2001:db8:1:2::1") === groupOf("2001:db8:1:3::1"), false);
  assertEquals(groupOf("fe80::1%eth0"), "fe80:0:0:0::/64");
  assertEquals(groupOf("::1"), "0:0:0:0::/64");
  assertEquals(groupOf("unix"), "unix");
});
