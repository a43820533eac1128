import type { Vector, VectorFile } from "./vector.ts";

const out = (text: string, ts: number): string => `{"event":"stdout","ts":${ts},"text":${JSON.stringify(text)}}\n`;
const err = (text: string, ts: number): string => `{"event":"stderr","ts":${ts},"text":${JSON.stringify(text)}}\n`;
/** A printed line, from what was printed. */
const line = (text: string, ts: number): string => `{"ts":${ts},${text.slice(1)}\n`;
const place = (log: string, size: number, from?: number): string => {
  return `{"event":"dbx/printed","ts":1,"log":"${log}"${from === undefined ? "" : `,"from":${from}`},"size":${size}}\n`;
};
const A = `{"event": "a", "x": 1}`;
const B = `{"event":"b","ts":5}`;
const SCALARS = `{"event":"scalars","ts":11,"loss":1}\n`;
const C = `{"event":"c"}\r`;

interface Logs {
  readonly stdout?: string;
  readonly printed?: string;
  readonly printed_stderr?: string;
}

function shown(
  id: string,
  logs: Logs,
  lines: readonly (readonly [stream: "stdout" | "stderr", ts: number, text: string])[],
  reason: string,
): Vector {
  return { id, logs, shown: lines.map(([stream, ts, text]) => ({ stream, ts, text })), reason };
}

const one = line(A, 10).length;
const two = one + line(B, 20).length;

/** What a run printed. */
export const PRINTED: VectorFile = {
  about:
    "The logs stdout, printed and printed_stderr of a run: the lines that it printed, in the order in which a reader shows them.",
  vectors: [
    shown("nothing", {}, [], "no logs"),
    shown(
      "plain",
      { stdout: out("x", 1) + err("y", 2) },
      [["stdout", 1, "x"], ["stderr", 2, "y"]],
      "lines that are not events",
    ),
    shown("event", { stdout: out("x", 1) + place("printed", one, 0) + out("y", 11), printed: line(A, 10) }, [
      ["stdout", 1, "x"],
      ["stdout", 10, A],
      ["stdout", 11, "y"],
    ], "a printed line between two others"),
    shown("event-stderr", { stdout: place("printed_stderr", one, 0) + out("y", 11), printed_stderr: line(A, 10) }, [[
      "stderr",
      10,
      A,
    ], ["stdout", 11, "y"]], "of the other stream"),
    shown(
      "two-times",
      { stdout: place("printed", line(B, 20).length, 0), printed: line(B, 20) },
      [["stdout", 20, B]],
      "the first ts is the time at which it was printed, and no part of the text",
    ),
    shown("carriage-return", { printed: line(C, 30) }, [["stdout", 30, C]], "the text is as it was printed"),
    shown(
      "in-turn",
      {
        stdout: place("printed", one, 0) + out("x", 11) + place("printed", two, one) + out("y", 21),
        printed: line(A, 10) + line(B, 20),
      },
      [["stdout", 10, A], ["stdout", 11, "x"], ["stdout", 20, B], ["stdout", 21, "y"]],
      "two places",
    ),
    shown(
      "no-from",
      { stdout: place("printed", one) + out("x", 11) + place("printed", two), printed: line(A, 10) + line(B, 20) },
      [["stdout", 10, A], ["stdout", 11, "x"], ["stdout", 20, B]],
      "without from it is the greatest size before",
    ),
    shown("left", { stdout: out("x", 1), printed: line(A, 10), printed_stderr: line(B, 20) }, [["stdout", 1, "x"], [
      "stdout",
      10,
      A,
    ], ["stderr", 20, B]], "those that are left come at the end, of printed first"),
    shown("no-stdout", { printed: line(A, 10) + line(B, 20) }, [["stdout", 10, A], ["stdout", 20, B]], "no log stdout"),
    shown("events-only", { stdout: out("loss 1", 1), printed: `{"event":"scalars","ts":1,"loss":1}\n` }, [[
      "stdout",
      1,
      "loss 1",
    ]], "any other line of printed is an event only"),
    shown(
      "mixed",
      { stdout: place("printed", one + SCALARS.length), printed: line(A, 10) + SCALARS },
      [["stdout", 10, A]],
      "a place that ends with such a line",
    ),
    shown("not-there", { stdout: place("printed", two, 0) + out("x", 21), printed: line(A, 10) }, [["stdout", 10, A], [
      "stdout",
      21,
      "x",
    ]], "a copy that has not all of it yet"),
    shown(
      "twice",
      { stdout: place("printed", one, 0) + place("printed", one, 0) + out("x", 11), printed: line(A, 10) },
      [["stdout", 10, A], ["stdout", 11, "x"]],
      "each line is shown once",
    ),
    shown("torn", { stdout: out("x", 1) + out("y", 2).slice(0, -1), printed: line(A, 10).slice(0, -1) }, [[
      "stdout",
      1,
      "x",
    ]], "torn tails are not lines"),
  ],
};
