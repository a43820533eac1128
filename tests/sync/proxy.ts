// A proxy for TCP that does harm at a chosen byte.

/** What goes wrong with the bytes of one direction. */
export interface Fault {
  readonly way: "up" | "down";
  /** The byte at which it happens, from 0. */
  readonly at: number;
  /** The bit that is flipped; undefined: the connection is cut before the byte. */
  readonly bit?: number;
  /** Whether each connection counts for itself, so that each one meets the fault; default: all are counted together. */
  readonly each?: boolean;
  /** After how many further bytes it happens again; undefined: once. */
  readonly every?: number;
}

/** A proxy that runs until it is disposed of. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Bytes that went by since the last `reset`. */
  readonly passed: { readonly up: number; readonly down: number };
  /** Whether the fault has happened. */
  readonly isDone: boolean;
  /** Counts from 0 again, and does the next harm; undefined: none. */
  reset(fault?: Fault): void;
}

/** Starts a proxy before a server. */
export function startProxy(server: string): Proxy {
  const { hostname, port } = new URL(server);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  let passed = { up: 0, down: 0 };
  let fault: Fault | undefined;
  let next = Infinity;
  let isDone = false;
  let turn = 0;

  const close = (connection: Deno.TcpConn): void => {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // It is closed.
    }
  };
  /** The bytes as they go on; undefined: here it is cut. */
  const harmed = (
    way: "up" | "down",
    bytes: Uint8Array,
    own: { turn: number; count: number },
  ): { bytes: Uint8Array; isCut: boolean } => {
    const from = passed[way];
    passed[way] += bytes.length;
    if (fault?.way !== way) return { bytes, isCut: false };
    if (fault.each) {
      if (own.turn !== turn) Object.assign(own, { turn, count: 0 });
      own.count += bytes.length;
      const isCut = own.count > fault.at;
      if (isCut) isDone = true;
      return isCut ? { bytes: bytes.subarray(0, fault.at - (own.count - bytes.length)), isCut } : { bytes, isCut };
    }
    while (next < from + bytes.length) {
      isDone = true;
      const at = next - from;
      next = fault.every === undefined ? Infinity : next + fault.every;
      if (fault.bit === undefined) return { bytes: bytes.subarray(0, at), isCut: true };
      bytes[at] ^= 1 << fault.bit;
    }
    return { bytes, isCut: false };
  };
  const relay = async (way: "up" | "down", from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> => {
    const buffer = new Uint8Array(16 * 1024);
    const own = { turn, count: 0 };
    try {
      for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
        const { bytes, isCut } = harmed(way, buffer.slice(0, count), own);
        for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
        if (isCut) break;
      }
    } catch {
      // Both ends go at once.
    }
    close(from);
    close(to);
  };
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const client of listener) {
      open.add(client);
      try {
        const far = await Deno.connect({ hostname, port: Number(port) });
        open.add(far);
        running.push(relay("up", client, far), relay("down", far, client));
      } catch {
        close(client);
      }
    }
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    get passed() {
      return passed;
    },
    get isDone() {
      return isDone;
    },
    reset(now) {
      turn++;
      passed = { up: 0, down: 0 };
      fault = now;
      next = now?.at ?? Infinity;
      isDone = false;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of [...open]) close(connection);
      await accepting;
      await Promise.all(running);
    },
  };
}
