// The repository and the tables of the benchmarks of questions.

/** Runs that log three numbers, a text and a number deeper in the data at each step. */
export function makeRuns(path: string, { runs, steps }: { readonly runs: number; readonly steps: number }): void {
  const json = (value: unknown) => JSON.stringify(value) + "\n";
  Deno.mkdirSync(path, { recursive: true });
  Deno.writeTextFileSync(`${path}/dbx.json`, json({ dbx: 1, id: "benchbenchben", createdAt: 1.7e12 }));
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  for (let e = 0; e < runs; e++) {
    const [exp, run] = ["e", "r"].map((head) => head + String(e).padStart(12, "0"));
    const folder = `${path}/${exp}/runs/${run}`;
    Deno.mkdirSync(folder, { recursive: true });
    const createdAt = 1.7e12 + e * 1000;
    const params = { lr: 10 ** -(1 + e % 5), seed: e % 40, model: ["small", "large"][e % 2] };
    Deno.writeTextFileSync(`${path}/${exp}/meta.json`, json({ id: exp, kind: "train", name: "", params, createdAt }));
    const hostname = `gpu-${e % 4}`;
    Deno.writeTextFileSync(`${folder}/meta.json`, json({ id: run, createdAt, cmd: ["train"], hostname }));
    const lines: string[] = [];
    let loss = 2 + random();
    for (let s = 0; s < steps; s++) {
      loss *= 1 - 1 / steps;
      const data = {
        loss: loss + random() / 10,
        acc: 1 - loss / 4 + random() / 100,
        grad_norm: random() * 10,
        phase: ["warm-up", "main", "decay"][Math.floor(3 * s / steps)],
        x: { y: Math.floor(random() * 5) },
      };
      lines.push(
        JSON.stringify({ event: `train/step/${s}`, ts: createdAt + s * 50 + Math.floor(random() * 20), ...data }),
      );
    }
    Deno.writeTextFileSync(`${folder}/log.jsonl`, lines.join("\n") + "\n");
  }
  const old = new Date(Date.now() - 60_000);
  for (const entry of Deno.readDirSync(path)) if (entry.isDirectory) Deno.utimeSync(`${path}/${entry.name}`, old, old);
}

/** The tables as DuckDB has them: `kind` is TABLE, or VIEW over the raw files. */
export function schemaOf(repo: string, kind: "TABLE" | "VIEW"): string[] {
  const log = `read_json('${repo}/*/runs/*/log.jsonl', format = 'newline_delimited', filename = true)`;
  const id = (letter: string) => `regexp_extract(filename, '${letter}[0-9]{12}')`;
  return [
    `CREATE ${kind} events AS SELECT ${id("e")} AS exp, ${id("r")} AS run, event, ts,
     row_number() OVER (PARTITION BY filename) AS line,
     {loss: loss, acc: acc, grad_norm: grad_norm, phase: phase, x: x} AS data FROM ${log}`,
    `CREATE ${kind} points AS ${
      ["loss", "acc", "grad_norm", "x.y"].map((key) =>
        `SELECT exp, run, '${key}' AS key, line - 1 AS idx, regexp_extract(event, '[0-9]+$')::DOUBLE AS step, ts,
         data.${key}::DOUBLE AS value FROM events`
      ).join(" UNION ALL ")
    }`,
    `CREATE ${kind} experiments AS SELECT id AS exp, kind, name, createdAt AS created_at, params
     FROM read_json('${repo}/*/meta.json')`,
    `CREATE ${kind} runs AS SELECT ${id("e")} AS exp, id AS run, createdAt AS created_at, hostname
     FROM read_json('${repo}/*/runs/*/meta.json', filename = true)`,
    `CREATE ${kind} metrics AS SELECT exp, run, key, count(*) AS count, min(value) AS min, max(value) AS max, avg(value) AS mean,
     first(value ORDER BY idx) AS first, last(value ORDER BY idx) AS last, arg_min(step, value) AS min_step
     FROM points GROUP BY exp, run, key`,
  ];
}
