/** Upper bounds of the times of requests that are counted, in seconds. */
const BOUNDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** What a server counts. Written as Prometheus reads it (text format 0.0.4). */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #buckets: number[] = new Array(BOUNDS.length).fill(0);
  #count = 0;
  #seconds = 0;
  readonly #startedAt = Date.now() / 1000;
  /** Requests that were answered at once. */
  quick = 0;
  /** Connections that were cut, by why. */
  readonly cuts: Map<string, number> = new Map();
  /** Events and bytes that came in by ingest. */
  events = 0;
  bytes = 0;

  /** Counts a request; its milliseconds are those until its answer began. */
  request(method: string, status: number, ms: number, times = 1): void {
    const key = `method="${/^[A-Z]{1,10}$/.test(method) ? method : "other"}",status="${status}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + times);
    this.#count += times;
    this.#seconds += ms / 1000;
    for (let at = 0; at < BOUNDS.length; at++) if (ms <= BOUNDS[at] * 1000) this.#buckets[at] += times;
  }

  /** Counts a connection that was cut. */
  cut(why: string): void {
    this.cuts.set(why, (this.cuts.get(why) ?? 0) + 1);
  }

  /** All of it as text; `gauges`: what there is at this moment; `labelled`: the same, with labels. */
  text(
    gauges: Readonly<Record<string, readonly [value: number, help: string]>>,
    labelled: Readonly<Record<string, readonly [help: string, values: readonly (readonly [string, number])[]]>> = {},
  ): string {
    const lines: string[] = [];
    if (this.quick > 0) this.request("GET", 200, 0, this.quick);
    this.quick = 0;
    const family = (name: string, type: string, help: string, values: readonly (readonly [string, number])[]) => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [suffix, value] of values) lines.push(`${name}${suffix} ${value}`);
    };
    family(
      "dbx_requests_total",
      "counter",
      "Requests answered.",
      [...this.#requests].map(([key, n]) => [`{${key}}`, n]),
    );
    family("dbx_request_seconds", "histogram", "Time until an answer begins.", [
      ...BOUNDS.map((bound, at) => [`_bucket{le="${bound}"}`, this.#buckets[at]] as const),
      [`_bucket{le="+Inf"}`, this.#count],
      ["_sum", this.#seconds],
      ["_count", this.#count],
    ]);
    family(
      "dbx_connections_cut_total",
      "counter",
      "Connections that were cut.",
      ["slow-head", "slow-reader", "too-many"].map((why) => [`{why="${why}"}`, this.cuts.get(why) ?? 0]),
    );
    family("dbx_ingested_events_total", "counter", "Events received over HTTP.", [["", this.events]]);
    family("dbx_ingested_bytes_total", "counter", "Bytes of events received over HTTP.", [["", this.bytes]]);
    family("process_start_time_seconds", "gauge", "When the server started.", [["", this.#startedAt]]);
    for (const [name, [value, help]] of Object.entries(gauges)) family(name, "gauge", help, [["", value]]);
    for (const [name, [help, values]] of Object.entries(labelled)) family(name, "gauge", help, values);
    return lines.join("\n") + "\n";
  }
}
