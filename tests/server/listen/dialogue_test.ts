import { Dialogue } from "../../../lib/server/listen/dialogue.ts";
import { assertEquals } from "../../assert.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const HEAD = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ndate: x\r\n\r\n";

/** Whether the server has nothing more to say after these pieces, one string for each. */
function isBetweenAfter(...pieces: string[]): boolean {
  const dialogue = new Dialogue();
  dialogue.asked("GET / HTTP/1.1\r\n\r\n");
  for (const piece of pieces) dialogue.answered(bytes(piece));
  return dialogue.isBetween;
}

Deno.test("Dialogue: an answer ends where its head says", { permissions: "none" }, () => {
  assertEquals(isBetweenAfter(), false);
  assertEquals(isBetweenAfter(HEAD), false);
  assertEquals(isBetweenAfter(`${HEAD}hel`), false);
  assertEquals(isBetweenAfter(`${HEAD}hel`, "lo"), true);
  assertEquals(isBetweenAfter(`${HEAD}hello`), true);
  assertEquals(isBetweenAfter("HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n"), true);
});

Deno.test("Dialogue: what is not that simple is followed no further", { permissions: "none" }, () => {
  const rest = ["", `${HEAD}hello`];
  for (
    const odd of [
      `${HEAD}hello world`,
      "HTTP/1.1 200 OK\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\ndate: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\ncontent-length: 0\r\n\r\n",
    ]
  ) {
    for (const more of rest) assertEquals(isBetweenAfter(odd, more), false, JSON.stringify(odd));
  }
  const dialogue = new Dialogue();
  assertEquals(dialogue.isBetween, true);
  dialogue.asked("first");
  dialogue.asked("before the answer to the first one");
  dialogue.answered(bytes(`${HEAD}hello`));
  assertEquals(dialogue.isBetween, false);
  const odd = new Dialogue();
  odd.asked(undefined);
  odd.answered(bytes(`${HEAD}hello`));
  assertEquals([odd.isBetween, odd.head], [false, undefined]);
  const unasked = new Dialogue();
  unasked.answered(bytes(`${HEAD}hello`));
  assertEquals(unasked.isBetween, false);
});
