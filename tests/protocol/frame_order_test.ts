import { FrameOrder } from "../../lib/protocol/frame_order.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { assertEquals, assertStringIncludes } from "../assert.ts";

const A = "0000000000exp/runs/0000000000run/log.jsonl", B = "0000000000exp/meta.json";

function chunk(name: string, offset: number, length: number, more: Partial<FileChunk> = {}): FileChunk {
  return { name, offset, bytes: new Uint8Array(length), end: false, size: 10, ...more };
}

/** What is wrong with the last of some frames, where those before it are right. */
function faultOf(...frames: readonly FileChunk[]): string {
  const order = new FrameOrder();
  const faults = frames.map((frame) => order.next(frame));
  assertEquals(faults.slice(0, -1).filter((fault) => fault !== undefined), []);
  return faults.at(-1) ?? "";
}

Deno.test({
  name: "FrameOrder: the frames of a file follow one another, and no other file comes between",
  permissions: "none",
}, () => {
  const end = { end: true } as const;
  assertEquals(faultOf(chunk(A, 0, 4), chunk(A, 4, 6, end), chunk(B, 0, 10, end)), "");
  assertStringIncludes(faultOf(chunk(A, 0, 4), chunk(B, 0, 10, end)), "has no end");
  assertStringIncludes(faultOf(chunk(A, 0, 4), chunk(A, 5, 5, end)), "continues at 5, not at 4");
  assertStringIncludes(faultOf(chunk(A, 0, 10, end), chunk(A, 0, 10, end)), "was sent twice");
  assertStringIncludes(faultOf(chunk(A, 0, 4), chunk(A, 4, 4, { size: 12 })), "changed its length");
  assertStringIncludes(faultOf(chunk(B, 0, 4), chunk(B, 4, 6, { ...end, sha256: "x" })), "changed its SHA-256");
});
