import { LimitedBytesTransformStream } from "@std/streams/limited-bytes-transform-stream";
import { toText } from "@std/streams/to-text";

/** All of a stream as text; undefined where it has more than so many bytes. */
export async function readText(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<string | undefined> {
  try {
    return await toText(stream.pipeThrough(new LimitedBytesTransformStream(maxBytes, { error: true })));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
