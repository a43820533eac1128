/** What of a request its answer is made of. A `Request` is one. */
export interface Incoming {
  readonly method: string;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}
