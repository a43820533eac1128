// What a pipe to another machine brings that is no message of dbx, and one that ends.
import { DbxError } from "../../lib/base/errors.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { servePipe } from "../../lib/server/listen/listen_pipe.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { bodyOf, frameOf } from "../../lib/protocol/frames.ts";
import { writeMessage } from "../../lib/protocol/pipe_messages.ts";
import { pipeTransport } from "../../lib/client/http/pipe_transport.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const nowhere = { write: () => Promise.resolve() };

for (
  const [what, said, why] of [
    [
      "a greeting",
      "Welcome to gpu-7!\nhave a nice day\n",
      'it sent "Welcome to gpu-7!" instead of a dbx message',
    ],
    ["bytes", "\xff\xfe\xfd\xfc", "it sent something that is not a dbx message"],
    ["a head that is not JSON", "\0\0\0\x04nope", "it sent something that is not a dbx message"],
  ]
) {
  Deno.test(`a pipe: ${what} before the first message is an error at once, though the other side goes on [S18]`, async () => {
    const open = new TransformStream<Uint8Array<ArrayBuffer>>();
    const writer = open.writable.getWriter();
    void writer.write(Uint8Array.from(said, (char) => char.charCodeAt(0)));
    const store = new RemoteStore({
      location: "h:x",
      base: "http://pipe",
      transport: pipeTransport(open.readable, nowhere, { who: "h:x" }),
    });
    const error = await assertRejects(() => Array.fromAsync(store.listFiles()), DbxError, "Cannot reach h:x: ");
    assertStringIncludes(error.message, why);
    await writer.close();
  });
}

Deno.test("a pipe that is cut within a body: the whole frames stay [S67]", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const store = new LocalStore(folder.path);
  const name = "0exp000000001/runs/0run000000001/log.jsonl";
  const line = encode(`{"event":"a","ts":1}\n`);
  const frames = [0, 1].map((at) =>
    frameOf({ name, offset: at * line.length, bytes: line, end: at === 1, size: 2 * line.length })
  );
  const body = bodyOf(frames);
  const pieces: Uint8Array[] = [];
  const head = { method: "POST", path: "/api/v1/sync/take", headers: { "dbx-protocol": "1" } };
  await writeMessage({ write: (bytes) => Promise.resolve(void pieces.push(bytes)) }, head, ReadableStream.from([body]));
  const whole = await new Blob(pieces as Uint8Array<ArrayBuffer>[]).bytes();
  // In the second frame; behind it are the last one, and the end of the body.
  const cut = whole.length - 4 - (body.length - frames[0].length) + 5;
  await assertRejects(() => servePipe(storeRoutes(store), new Blob([whole.slice(0, cut)]).stream(), nowhere));
  assertEquals(await Deno.readFile(`${folder.path}/${name}`), line);
  await servePipe(storeRoutes(store), new Blob([whole]).stream(), nowhere);
  assertEquals((await Deno.readFile(`${folder.path}/${name}`)).length, 2 * line.length);
});
