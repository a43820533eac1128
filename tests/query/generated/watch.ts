/** So long a query may take, in milliseconds. */
export const MAX_QUERY_MS = 5000;

const CODE = `
let timer;
onmessage = ({ data }) => {
  clearTimeout(timer);
  if (data !== "") timer = setTimeout(() => console.error("takes above ${MAX_QUERY_MS} ms: " + data), ${MAX_QUERY_MS});
};
`;

/** Names what takes long while it still runs: what it watches may keep the thread busy for ever. */
export class Watch {
  readonly #worker = new Worker(`data:text/javascript,${encodeURIComponent(CODE)}`, { type: "module" });

  /** Does something, and says how many milliseconds it took. */
  async time<T>(name: string, work: () => T | Promise<T>): Promise<{ readonly value: T; readonly took: number }> {
    const start = performance.now();
    this.#worker.postMessage(name);
    const value = await work();
    this.#worker.postMessage("");
    return { value, took: performance.now() - start };
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
