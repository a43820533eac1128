// A worker that looks at experiments that a listing will come to.
import { VerifiedFolder } from "../../../../fs/links/verified_folder.ts";
import { Segment } from "../segment/segment.ts";
import { lookAtRows } from "./look_at_rows.ts";
import type { LookOrder } from "./look_ahead.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<LookOrder>) => void) | null;
  postMessage(message: "end"): void;
  close(): void;
};

scope.onmessage = ({ data: { path, bytes, root, depth, looks, notesUntil } }) => {
  try {
    const segment = new Segment(path, bytes);
    lookAtRows(segment, new VerifiedFolder(root), { depth, notesUntil }, looks);
  } catch {
    // A damaged file, for one: the thread that lists looks itself.
  }
  scope.postMessage("end");
  scope.close();
};
