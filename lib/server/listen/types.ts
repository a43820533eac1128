// What the parts of a server that listen share.

/** A request, and where it comes from. */
export interface RequestContext {
  readonly request: Request;
  readonly url: URL;
  /** The address of who asks, without a port; `unix` for a socket in the file system. */
  readonly address: string;
  /** Whether the way to who asks is encrypted, by this server or a trusted proxy. */
  readonly isSecure: boolean;
  /** Whose it is, for what each may use: of one token, or else of one address. */
  readonly client?: string;
  /** Aborts when who asks has left. */
  readonly gone?: AbortSignal;
  /** Resolves when the answer is sent, or cut. */
  readonly sent?: Promise<void>;
}

/** The sender of a request. */
export interface Requester {
  /** The same for all requests of one token, or of one address. */
  readonly id: string;
  /** What the token is called; undefined where it has no name. */
  readonly name?: string;
}

/** Milliseconds that a front waits, and how many connections it holds. */
export interface FrontLimits {
  /** For a connection's first byte, and for all of the head of a request after its first byte. */
  readonly headMs: number;
  /** For the next request of a connection that has had one. */
  readonly idleMs: number;
  /** For a client to take 64 KiB. */
  readonly readMs: number;
  /** Connections at most; those that have not shown a right to ask, in all and of one address. */
  readonly all: number;
  readonly strangers: number;
  readonly each: number;
}

/** Why a connection was cut. */
export type Cut = "slow-head" | "idle" | "slow-reader" | "too-many";

/** A connection of a client, as the parts behind the front see it. */
export interface ClientConnection {
  /** Without a port; `unix` for a socket in the file system. */
  readonly address: string;
  /** Aborts when the client has left. */
  readonly gone: AbortSignal;
  /** Whether it has shown a right to ask. */
  isKnown: boolean;
  /** A request's head is there. */
  begin(hasBody: boolean): void;
  /** Its answer is sent. */
  end(): void;
  /** A request was answered at once, by what may answer it the next time, too. `path`: of what it asked for. */
  passed(answer: QuickAnswer, path: string): void;
  /** Cuts it, because there is no client left to answer. */
  lose(why: unknown): void;
}

/** An answer that is given again and again, as long as it is true. */
export interface QuickAnswer {
  /** The answer, as the same object as long as it stays the same; undefined where somebody has to look again. */
  current(): Given | undefined;
}

/** An answer with the status 200, which is not to be compressed. */
export interface Given {
  readonly headers: [name: string, value: string][];
  readonly text: string;
}

/** Answers a request that came on a connection. `completed`: when the answer is sent, or was cut. */
export type Answer = (
  request: Request,
  connection: ClientConnection,
  completed: Promise<void>,
) => Response | Promise<Response>;

/** A way to the runtime's server, for one connection of a client. */
export interface BackendLink {
  readonly far: Deno.Conn;
  /** Nothing more will come. */
  leave(): void;
}

/** The runtime's server behind the front. */
export interface Backend {
  connect(connection: ClientConnection): Promise<BackendLink>;
  /** Takes no further request; resolves when those that are worked on are answered. */
  shutdown(): Promise<void>;
}
