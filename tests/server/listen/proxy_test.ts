import { UsageError } from "../../../lib/base/errors.ts";
import { TrustedProxies } from "../../../lib/server/listen/proxy.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const forwarded = (address: string, more: Record<string, string> = {}) =>
  new Headers({ "x-forwarded-for": address, ...more });

Deno.test("TrustedProxies: a peer that is not named is not believed", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8"]);
  const headers = forwarded("1.2.3.4", { "x-forwarded-proto": "https" });
  assertEquals(proxies.sender(headers, "192.168.0.1", false), { address: "192.168.0.1", isSecure: false });
  assertEquals(new TrustedProxies().sender(headers, "unix", false), { address: "unix", isSecure: false });
});

Deno.test("TrustedProxies: the last address that is no proxy counts, whatever the sender wrote before it", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "::1", "unix"]);
  const address = (said: string, peer = "10.1.2.3") => proxies.sender(forwarded(said), peer, false).address;
  assertEquals(address("127.0.0.1, 5.6.7.8"), "5.6.7.8");
  assertEquals(address("127.0.0.1, 5.6.7.8, 10.9.9.9"), "5.6.7.8");
  assertEquals(address("5.6.7.8:4711", "::1"), "5.6.7.8");
  assertEquals(address("[2001:DB8::1]:80", "unix"), "2001:db8::1");
  assertEquals(address("5.6.7.8", "::ffff:10.0.0.1"), "5.6.7.8");
  assertEquals(address("1.1.1.1, nonsense"), "10.1.2.3");
  assertEquals(address(""), "10.1.2.3");
  assertEquals(address("10.0.0.7"), "10.0.0.7");
});

Deno.test("TrustedProxies: the last word on the protocol counts", () => {
  const proxies = new TrustedProxies(["127.0.0.1"]);
  const isSecure = (said: string) =>
    proxies.sender(forwarded("5.6.7.8", { "x-forwarded-proto": said }), "127.0.0.1", false).isSecure;
  assertEquals([isSecure("https"), isSecure("http"), isSecure("https, http")], [true, false, false]);
  assertEquals(proxies.sender(new Headers(), "127.0.0.1", true).isSecure, true);
});

Deno.test("TrustedProxies: what is no address is refused", () => {
  for (const word of ["", "localhost", "10.0.0.0/33", "10.0.0.256", "::1/129", "10.0.0.0/8/8", "*", "::1::"]) {
    assertThrows(() => new TrustedProxies([word]), UsageError, "--trust-proxy");
  }
});
