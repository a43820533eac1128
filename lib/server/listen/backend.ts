import { parentOf } from "../../base/paths.ts";
import { mayHoldSockets, socketsIn } from "../../fs/socket_folder.ts";
import { DbxError, messageOf } from "../../base/errors.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { HttpError, refuse } from "../http/http_error.ts";
import type { Answer, Backend, BackendLink, ClientConnection } from "./types.ts";

const onError = (error: unknown) => refuse(error);
const onListen = () => {};

/**
 * One server of the runtime for each connection, at a socket in a folder that no other user may enter, for as long as
 * it takes to connect: so only the front can, and each server knows whose requests it gets.
 */
export class SocketBackend implements Backend {
  readonly #servers = new Set<Deno.HttpServer>();
  /** Which folder was made: its device and its number there. */
  #made: string;
  /** The sockets, and when the last connection that was begun at each of them is there. */
  readonly #sockets: { readonly path: string; last: Promise<void> }[];
  #next = 0;

  /** `folder`: of the sockets, just made; it is removed at the end. */
  private constructor(readonly folder: string, readonly answer: Answer) {
    this.#made = identityOf(folder);
    this.#sockets = socketsIn(folder).map((path) => ({ path, last: Promise.resolve() }));
  }

  /** `folder`: its path, which must be short; it must not be there yet. */
  static at(folder: string, answer: Answer): SocketBackend {
    try {
      Deno.mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      const above = parentOf(folder);
      const why = isAbsent(error) ? "it does not exist" : messageOf(error);
      throw new DbxError(
        `Cannot make a folder in "${above}", the folder for temporary files: ${why}; set TMPDIR to a folder in which you may write`,
      );
    }
    return new SocketBackend(folder, answer);
  }

  /** Throws where nothing may be made there, or its path is too long for a socket. */
  static inTemporaryFolder(answer: Answer): SocketBackend {
    const folder = Deno.makeTempDirSync({ prefix: "dbx-" });
    if (mayHoldSockets(folder)) return new SocketBackend(folder, answer);
    remove(folder);
    throw new Error(`the path "${folder}" is too long`);
  }

  async connect(connection: ClientConnection): Promise<BackendLink> {
    const socket = this.#sockets[this.#next++ % this.#sockets.length];
    const before = socket.last;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.last = promise;
    await before;
    try {
      return await this.#connect(connection, socket.path);
    } finally {
      resolve();
    }
  }

  async #connect(connection: ClientConnection, path: string): Promise<BackendLink> {
    for (let tries = 0;; tries++) {
      this.#prove();
      const server = Deno.serve(
        { path, onError, onListen },
        (request, { completed }) => this.answer(plain(request), connection, completed),
      );
      try {
        // It ends by itself where no file is free for what it has taken.
        server.finished.catch((error) => connection.lose(error));
        const far = await Deno.connect({ transport: "unix", path });
        this.#servers.add(server);
        return { far, leave: () => void this.#end(server) };
      } catch (error) {
        void this.#end(server);
        // The runtime removes the socket of a server that ends, by its path: it may have been the one of this.
        if (!(error instanceof Deno.errors.NotFound) || tries >= 20) throw error;
      } finally {
        remove(path);
      }
    }
  }

  /** Folders of temporary files are emptied now and then, and then anybody could make one of this name. */
  #prove(): void {
    if (identityOf(this.folder) === this.#made) return;
    Deno.mkdirSync(this.folder, { mode: 0o700 });
    this.#made = identityOf(this.folder);
  }

  async #end(server: Deno.HttpServer): Promise<void> {
    try {
      await server.shutdown();
    } catch {
      // It has ended by itself.
    } finally {
      this.#servers.delete(server);
    }
  }

  async shutdown(): Promise<void> {
    await Promise.all(this.#sockets.map(({ last }) => last));
    await Promise.all([...this.#servers].map((server) => this.#end(server)));
    for (const { path } of this.#sockets) remove(path);
    if (identityOf(this.folder) === this.#made) remove(this.folder);
  }
}

/**
 * One server of the runtime for all connections, at a port of this machine, where the system has no such sockets: each connection is
 * known by the port from which the front has connected. Programs of others can connect too; they are not answered.
 */
export class PortBackend implements Backend {
  readonly #connections = new Map<number, ClientConnection>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** `port`: 0 for any free one. */
  constructor(port: number, answer: Answer) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port, onError, onListen },
      (request, { remoteAddr, completed }) => {
        const connection = this.#connections.get(remoteAddr.port);
        if (connection === undefined) return refuse(new HttpError(421, "this is not where the server listens"));
        return answer(request, connection, completed);
      },
    );
  }

  async connect(connection: ClientConnection): Promise<BackendLink> {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#server.addr.port });
    far.setNoDelay(true);
    const { port } = far.localAddr as Deno.NetAddr;
    this.#connections.set(port, connection);
    return { far, leave: () => this.#connections.delete(port) };
  }

  async shutdown(): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Which folder stands at a path. */
function identityOf(folder: string): string {
  try {
    const { isDirectory, dev, ino } = Deno.lstatSync(folder);
    return isDirectory ? `${dev} ${ino}` : "";
  } catch {
    return "";
  }
}

/** The same request: the runtime writes the URL in another way where it came by a socket. */
function plain(request: Request): Request {
  const url = request.url.replace(
    /^http\+unix:\/\/(?:%2F[^/]*)?/,
    (start) => (start.endsWith("/") ? "http://" : "http://localhost"),
  );
  return Object.defineProperty(request, "url", { value: url });
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It is gone.
  }
}
