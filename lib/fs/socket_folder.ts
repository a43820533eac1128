/** How many sockets there are in a folder of their own: so many connections are begun at the same time. */
const COUNT = 8;

/** The paths of the sockets in a folder. */
export function socketsIn(folder: string): string[] {
  return Array.from({ length: COUNT }, (_, at) => `${folder}/${at}`);
}

/** Whether sockets can be in a folder: their paths have 103 bytes at most. */
export function mayHoldSockets(folder: string): boolean {
  return socketsIn(folder).every((path) => new TextEncoder().encode(path).length <= 103);
}
