// What is said of a server that cannot be reached: the reason, and what to do.
import { DbxError } from "../../../lib/base/errors.ts";
import { exchange } from "../../../lib/client/http/exchange.ts";
import { httpTransport } from "../../../lib/client/http/http_transport.ts";
import { CUT_EARLY, reasonOf } from "../../../lib/client/http/unreachable.ts";
import { assertEquals, assertRejects } from "../../assert.ts";

const REFUSED = "the connection was refused; is dbx serve running there? check the host and the port";
const NOT_FOUND = "the host was not found; check its name and the network";

Deno.test("exchange: nobody listens there, or there is no such host", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  for (const [url, why] of [[`http://127.0.0.1:${port}`, REFUSED], ["http://dbx-test.invalid", NOT_FOUND]]) {
    await assertRejects(
      () => exchange(httpTransport(), { url, method: "GET", headers: new Headers() }, { who: url }),
      DbxError,
      `Cannot reach ${url}: ${why}`,
    );
  }
});

Deno.test({ name: "reasonOf: without the names and numbers of systems", permissions: "none" }, () => {
  const cases = [
    ["(Connect): tcp connect error: Connection refused (os error 61)", REFUSED],
    ["(Connect): tcp connect error: the target machine actively refused it. (os error 10061)", REFUSED],
    ["(Connect): dns error: failed to lookup address information: Temporary failure", NOT_FOUND],
    [
      "(Connect): tcp connect error: No route to host (os error 113)",
      "No route to host; check the host, the port and the network",
    ],
    ["(Connect): invalid peer certificate: UnknownIssuer", "invalid peer certificate: UnknownIssuer"],
    ["(SendRequest): connection closed before message completed", CUT_EARLY],
  ];
  for (const [inner, why] of cases) {
    const cause = new Error(`error sending request for url (http://peer/): client error ${inner}`);
    assertEquals(reasonOf(new TypeError("fetch failed", { cause })), why);
  }
  assertEquals(
    reasonOf(new TypeError("Fetch failed: Requests to port 9 are blocked")),
    "Fetch failed: Requests to port 9 are blocked",
  );
});
