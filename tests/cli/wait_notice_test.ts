import { withWaitNotice } from "../../lib/cli/repository/wait_notice.ts";
import { NoAnswerError } from "../../lib/client/http/exchange.ts";
import type { Transport } from "../../lib/client/http/exchange.ts";
import type { Output } from "../../lib/terminal/output.ts";
import { assertEquals } from "../assert.ts";

const URL = "http://host:1";
const request = () => ({ signal: new AbortController().signal }) as Parameters<Transport>[0];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A transport whose requests end as they are told to, and what a person reads. */
function noticed() {
  const said: string[] = [];
  const waiting: PromiseWithResolvers<Response>[] = [];
  const stderr = { isTerminal: true, line: (text: string) => void said.push(text) } as unknown as Output;
  const transport = withWaitNotice(
    () => {
      waiting.push(Promise.withResolvers());
      return waiting.at(-1)!.promise;
    },
    { stderr },
    URL,
  );
  return { said, waiting, ask: () => transport(request()).catch(() => undefined) };
}

Deno.test("withWaitNotice: one outage is one message, also where an older request is answered meanwhile [slow]", async () => {
  const { said, waiting, ask } = noticed();
  const fail = async (at: number, asked: Promise<unknown>) => {
    waiting[at].reject(new NoAnswerError("nobody"));
    await asked;
  };
  const first = ask();
  waiting[0].resolve(new Response());
  await first;
  const old = ask();
  await fail(2, ask());
  await pause(800);
  await fail(3, ask());
  assertEquals(said.length, 1);
  // It was answered before the server went.
  waiting[1].resolve(new Response());
  await old;
  await fail(4, ask());
  assertEquals(said.length, 1, said.join("\n"));
  const later = ask();
  waiting[5].resolve(new Response());
  await later;
  await fail(6, ask());
  await pause(800);
  await fail(7, ask());
  assertEquals(said.length, 2, said.join("\n"));
});

Deno.test("withWaitNotice: a first answer that takes long and then fails is one message [slow]", async () => {
  const { said, waiting, ask } = noticed();
  const first = ask();
  await pause(800);
  waiting[0].reject(new NoAnswerError("nobody"));
  await first;
  const second = ask();
  await pause(800);
  waiting[1].reject(new NoAnswerError("nobody"));
  await second;
  assertEquals(said, [`dbx: waiting for ${URL} to answer`]);
});
