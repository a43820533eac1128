/** What a socket is called in a folder of its own. */
export const SOCKET = "s";

/** Whether sockets can be in a folder: their paths have 103 bytes at most. */
export function mayHoldSockets(folder: string): boolean {
  return new TextEncoder().encode(`${folder}/${SOCKET}`).length <= 103;
}
