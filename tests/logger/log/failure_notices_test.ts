import { FailureNotices } from "../../../lib/logger/log/failure_notices.ts";
import { assertEquals } from "../../assert.ts";

Deno.test("FailureNotices: a file that fails again and again is said to work again once a minute", () => {
  const said: string[] = [];
  const notices = new FailureNotices((message) => said.push(message.replace(/;.*/, "")));
  notices.recover("l", 0, 0);
  for (let second = 0; second < 120; second++) {
    notices.fail(`fails ${second}`);
    notices.recover("l", 1, second * 1000);
  }
  assertEquals(said, [
    "fails 0",
    '"l" can be written again',
    "fails 1",
    '"l" can be written again',
    "fails 61",
  ]);
});

Deno.test("FailureNotices: of an event that no file could hold, no file works again", () => {
  const said: string[] = [];
  const notices = new FailureNotices((message) => said.push(message));
  notices.warn("not data");
  notices.fail("full");
  notices.recover("l", 1, 0);
  assertEquals(said, ["not data; continuing; the summary at the end lists what was lost"]);
});
