import type { WorkerReply } from "./messages.ts";
import { encodeFrame, FrameReader } from "./helper_frames.ts";
import type { HelperEvents, StartHelper } from "./query_helper.ts";
import { requestToJson, TOO_LARGE } from "./query_process.ts";

/** How a process ended that was started for a server. */
export interface HelperEnd {
  readonly code: number;
  readonly signal: string | null;
}

/**
 * Queries are answered by processes, which the main isolate starts and connects with a port: bytes on it are those of
 * the process's stdin and stdout, `null` ends it, and an object says how it ended. The server itself may start nothing.
 */
export function helpersBy(start: () => MessagePort): StartHelper {
  return (_repositories, events) => {
    const port = start();
    const frames = new FrameReader();
    let isOver = false;
    port.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer> | HelperEnd>) => {
      if (isOver) return;
      if (data instanceof Uint8Array) return onPiece(frames, data, events);
      isOver = true;
      port.close();
      // Without room for more, the runtime ends by a signal of its own, and the system kills.
      const tooLarge = data.code === TOO_LARGE || data.signal !== null || data.code > 128;
      events.onEnd(`it ended with ${data.signal ?? data.code}`, tooLarge);
    };
    return {
      post: (message) => isOver || port.postMessage(encodeFrame(requestToJson(message))),
      end() {
        if (isOver) return;
        isOver = true;
        port.postMessage(null);
        port.close();
      },
    };
  };
}

function onPiece(frames: FrameReader, piece: Uint8Array<ArrayBuffer>, { onMessage }: HelperEvents): void {
  for (const { json, bytes } of frames.add(piece)) {
    const message = json as WorkerReply;
    onMessage(message.kind === "piece" ? { ...message, bytes } : message);
  }
}
