import { createHash } from "node:crypto";

const PIECE = 1024 * 1024;

/** Whether what an open file holds on the disk, from its start to its end, has a SHA-256. Its position moves. */
export async function hasSha256(file: Deno.FsFile, sha256: string): Promise<boolean> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(PIECE);
  file.seekSync(0, Deno.SeekMode.Start);
  while (true) {
    // Short ones at once; of long ones, other work goes on meanwhile.
    const count = await file.read(buffer);
    if (count === null) return hash.digest("hex") === sha256;
    hash.update(buffer.subarray(0, count));
  }
}
