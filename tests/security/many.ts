// A repository of many experiments, written as files at once: what an attack on a large server meets.

/** The id of the experiment, or of the run, of a number. */
export function idOf(kind: "e" | "r", at: number): string {
  return kind + at.toString(36).padStart(12, "0");
}

/** Writes so many experiments of one run each into a new folder. */
export function writeMany(path: string, count: number): void {
  Deno.mkdirSync(path, { recursive: true });
  Deno.writeTextFileSync(`${path}/dbx.json`, `{"dbx":1,"id":"0many00000000","createdAt":"2026-01-01T09:00:00.000Z"}\n`);
  for (let at = 0; at < count; at++) {
    const [exp, run] = [idOf("e", at), idOf("r", at)];
    const folder = `${path}/many/${exp}/runs/${run}`;
    Deno.mkdirSync(folder, { recursive: true });
    const ts = 1_767_258_000_000 + at;
    const meta = { id: exp, kind: "train", name: "many", createdAt: new Date(ts).toISOString(), params: { at } };
    Deno.writeTextFileSync(`${path}/many/${exp}/meta.json`, JSON.stringify(meta) + "\n");
    Deno.writeTextFileSync(
      `${folder}/meta.json`,
      JSON.stringify({ id: run, createdAt: new Date(ts).toISOString() }) + "\n",
    );
  }
}
