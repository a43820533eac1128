import { LogIndex } from "../index/log_index.ts";
import { FolderChanges } from "../live/folder_changes.ts";
import { LiveQueryBroker } from "../live/live_query_broker.ts";
import { cellToJson } from "../protocol/cells.ts";
import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import { queryCurves } from "../query/curves/query_curves.ts";
import { type DescribedSchema, describeSchema } from "../query/describe_schema.ts";
import {
  type ExperimentList,
  listExperiments,
  type ListExperimentsOptions,
  type ListRequest,
} from "../query/list/list.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import { query, type QueryOptions } from "../query/query.ts";
import type { QueryResult } from "../query/result/answer.ts";
import type { QuerySession } from "../query/session/session.ts";
import { SessionCache } from "../query/session/session_cache.ts";
import { wholeView } from "../query/session/whole_view.ts";
import type { Source } from "../query/snapshot/snapshot.ts";
import type { Repository } from "../repo/repository.ts";
import { type LiveResult, liveResults } from "./live/live_results.ts";

/** What is asked of a repository in a folder. It is loaded with the first question: a script that only logs needs none of it. */
export class LocalQueries {
  readonly #source: Source;
  #broker: LiveQueryBroker | undefined;

  /** `index`: the folder for what is derived from the logs. `folders`: how many there are to watch. */
  constructor(repository: Repository, index: string | undefined, readonly folders: () => number) {
    const { store, location: name } = repository;
    this.#source = { repository, index: new LogIndex(store, { folder: index }), name };
  }

  async query(asked: QueryInput, options: QueryOptions): Promise<QueryResult> {
    return await query([this.#source], asked, options);
  }

  async series(selector: CurveSelector, options: QueryOptions): Promise<Curve[]> {
    return await queryCurves([this.#source], selector, options);
  }

  async list(request: ListRequest, options: ListExperimentsOptions): Promise<ExperimentList> {
    return await listExperiments(this.#source, request, options);
  }

  async schema(signal?: AbortSignal): Promise<DescribedSchema> {
    return await describeSchema([this.#source], { signal, now: Date.now() });
  }

  async view(options: QueryOptions): Promise<QuerySession> {
    return await wholeView(this.#source, options);
  }

  async *live(
    asked: QueryInput,
    params: QueryOptions["params"],
    { all, signal }: { readonly all?: boolean; readonly signal: AbortSignal },
  ): AsyncGenerator<LiveResult, void> {
    const views = new SessionCache();
    this.#broker ??= new LiveQueryBroker(
      async ({ asked, params, all }, signal) => {
        using answer = await this.query(asked, { params, all, signal, awaitsSeries: true, views });
        const rows: string[] = [];
        for await (const row of answer) rows.push(JSON.stringify(row.map(cellToJson)));
        return { columns: answer.columns, rows };
      },
      new FolderChanges(this.#source.repository.location, this.folders),
      { keepMs: 0 },
    );
    yield* liveResults(this.#broker.follow({ asked, params, all }, { signal }));
  }

  /** Ends what follows the folder. */
  close(): void {
    this.#broker?.close();
    this.#broker = undefined;
  }
}
