import { under, type Vector, type VectorFile } from "./vector.ts";

const arrival = (ts: number | string, size: unknown, since?: unknown, log = "log"): string => {
  return `{"event":"dbx/arrival","ts":${ts},"log":"${log}","size":${size}${
    since === undefined ? "" : `,"since":${since}`
  }}\n`;
};

/** `times`: of lines without a `ts` of the log `log` that start at these offsets; null where they have none yet. */
function life(
  id: string,
  dbx: string,
  times: readonly (readonly [offset: number, time: number | null])[],
  reason: string,
): Vector {
  return { id, dbx, times: times.map(([offset, time]) => ({ offset, time })), reason };
}

/** Times of lines without `ts`. */
export const ARRIVALS: VectorFile = {
  about:
    "The log dbx of a run, and the times of lines of its log `log` that have no `ts`, by the offsets at which they start.",
  vectors: under("F60", [
    life("none", "", [[0, null]], "no arrival, no time"),
    life(
      "one",
      arrival(2000, 100, 1000),
      [[0, 1000], [50, 1500], [99, 1990], [100, null], [500, null]],
      "by the share of the bytes",
    ),
    life("down", arrival(1001, 3, 1000), [[0, 1000], [1, 1000], [2, 1000]], "rounded down"),
    life("thirds", arrival(2000, 3, 1000), [[1, 1333], [2, 1666]], "rounded down"),
    life(
      "exact",
      arrival(2000, 100, 1000) + arrival(1767258100000, 300, 2000),
      [[129, 256252426210]],
      "products are exact",
    ),
    life("two", arrival(2000, 100, 1000) + arrival(4000, 300, 2000), [
      [99, 1990],
      [100, 2000],
      [200, 3000],
      [299, 3990],
      [300, null],
    ], "each from the size of the one before it"),
    life(
      "pause",
      arrival(2000, 100, 1000) + arrival(9000, 200, 8000),
      [[99, 1990], [100, 8000], [150, 8500]],
      "since is later than the arrival before",
    ),
    life(
      "no-growth",
      arrival(2000, 100, 1000) + arrival(3000, 100, 2000) + arrival(3500, 50, 3000) + arrival(4000, 200, 3000),
      [[50, 1500], [100, 3000], [150, 3500]],
      "a size that is not greater than all before is ignored",
    ),
    life(
      "clock-back",
      arrival(5000, 100, 4000) + arrival(2000, 200, 1000),
      [[50, 4500], [100, 5000], [150, 5000]],
      "times count as no earlier than those of arrivals before",
    ),
    life(
      "since-before",
      arrival(5000, 100, 4000) + arrival(6000, 200, 1000),
      [[100, 5000], [150, 5500]],
      "times count as no earlier than those of arrivals before",
    ),
    life(
      "other-log",
      arrival(2000, 100, 1000, "eval") + arrival(4000, 100, 3000),
      [[50, 3500]],
      "arrivals of another log",
    ),
    life(
      "other-events",
      `{"event":"dbx/start","ts":1,"pid":1}\n` + arrival(2000, 100, 1000) + `{"event":"dbx/heartbeat","ts":2500}\n` +
        arrival(3000, 200, 2000),
      [[50, 1500], [150, 2500]],
      "between other events",
    ),
    life(
      "torn",
      arrival(2000, 100, 1000) + arrival(3000, 200, 2000).slice(0, -1),
      [[50, 1500], [150, null]],
      "a torn tail is not an event",
    ),
  ]),
};
