import { parseDuration, parseTime } from "../../lib/base/durations.ts";
import { assertEquals } from "../assert.ts";

Deno.test("parseDuration: numbers with units, alone or one after the other", () => {
  assertEquals(parseDuration("90s"), 90_000);
  assertEquals(parseDuration("1.5h"), 5_400_000);
  assertEquals(parseDuration("1h 30m"), 5_400_000);
  assertEquals(parseDuration("250ms"), 250);
  assertEquals(parseDuration("2d"), 172_800_000);
  for (const text of ["", "h", "5", "5 parsecs", "-1h", "1h30"]) assertEquals(parseDuration(text), undefined, text);
});

Deno.test("parseTime: ISO 8601, UTC unless a zone is given", () => {
  assertEquals(parseTime("2026-01-31"), Date.UTC(2026, 0, 31));
  assertEquals(parseTime("2026-01"), Date.UTC(2026, 0, 1));
  assertEquals(parseTime("2026-01-31 12:30"), Date.UTC(2026, 0, 31, 12, 30));
  assertEquals(parseTime("2026-01-31T12:30:05.5+02:00"), Date.UTC(2026, 0, 31, 10, 30, 5, 500));
  for (const text of ["", "yesterday", "2026", "2026-13-01", "12:30"]) assertEquals(parseTime(text), undefined, text);
});
