/** What people who know other trackers call columns; of several the first that is there. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ...{ _step: ["step", "last_step"], global_step: ["step"], iteration: ["step"], iter: ["step"], x: ["step"] },
  ...{ epoch: ["step"], _timestamp: ["ts", "created_at"], timestamp: ["ts", "created_at"], time: ["ts", "created_at"] },
  ...{ wall_time: ["ts"], date: ["created_at", "ts"], created: ["created_at"], created_on: ["created_at"] },
  ...{
    start_time: ["started_at", "created_at"],
    end_time: ["ended_at"],
    finished_at: ["ended_at"],
    started: ["started_at"],
  },
  ...{ duration: ["duration_ms"], runtime: ["duration_ms"], elapsed: ["duration_ms"], age: ["age_ms"] },
  ...{
    experiment: ["exp"],
    experiment_id: ["exp"],
    exp_id: ["exp"],
    trial: ["exp"],
    run_id: ["run"],
    run_name: ["run"],
  },
  ...{ id: ["run", "exp"], uuid: ["run", "exp"], metric: ["key"], metric_name: ["key"], tag: ["key", "tags"] },
  ...{ val: ["value"], y: ["value"], score: ["value"], metric_value: ["value"], avg: ["mean"], average: ["mean"] },
  ...{ state: ["status"], type: ["kind", "what"], group: ["kind"], host: ["hostname"], command: ["cmd"] },
  ...{
    cwd: ["pwd"],
    config: ["params"],
    hparams: ["params"],
    parameters: ["params"],
    payload: ["data"],
    body: ["data"],
  },
  ...{ filename: ["name", "path"], file: ["name"], hash: ["sha256"], length: ["size", "bytes"], repository: ["repo"] },
};

/** The column that another tracker's word for it means. */
export function otherWord(word: string, columns: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  return Object.hasOwn(WORDS, lower) ? WORDS[lower].find((name) => columns.includes(name)) : undefined;
}
