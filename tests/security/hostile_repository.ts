// A repository in which every text that a reader takes from a file was written by an attacker.
import { initRepository } from "../../lib/repo/open.ts";

/** Ids in it: an experiment with a run, a request that waits, and one of version 0. */
export const [EXP, RUN, START, OLD] = ["0hostile0exp1", "0hostile0run1", "0hostile0cmd1", "0hostile0old1"];

/** Writes it. `evil` gives the text for a place. */
export async function hostileRepository(path: string, evil: (place: string) => string): Promise<void> {
  await initRepository(path);
  const put = async (name: string, ...values: readonly unknown[]) => {
    const text = values.map((value) => typeof value === "string" ? value : JSON.stringify(value)).join("\n") + "\n";
    await Deno.mkdir(`${path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  };
  const now = Date.now();
  const createdAt = new Date(now).toISOString();
  const place = (prefix: string) => ({
    [`${prefix} ${evil("key")}`]: evil("value"),
    list: [evil("element")],
    deep: { [evil("key")]: { x: evil("value") } },
  });
  await put(`${EXP}/meta.json`, {
    id: EXP,
    kind: evil("kind"),
    name: evil("name"),
    params: { lr: 0.1, ...place("param") },
    createdAt,
    resume: evil("resume"),
    [`own ${evil("key")}`]: evil("value"),
  });
  const file = { _dbx: "expfile", exp: EXP, name: evil("file name"), sha256: "ab".repeat(32) };
  await put(`${EXP}/runs/${RUN}/meta.json`, {
    id: RUN,
    createdAt,
    cmd: ["python", evil("word"), evil("word")],
    pwd: evil("folder"),
    script: evil("script"),
    hostname: evil("host"),
    env: { [evil("variable")]: evil("value"), PATH: evil("value") },
    git: {
      commit: evil("commit"),
      branch: evil("branch"),
      remote: evil("remote"),
      changes: [evil("change")],
      dirty: true,
      diff: file,
    },
    params: place("changed"),
    agent: evil("agent"),
    [`own ${evil("key")}`]: evil("value"),
  });
  const event = (name: string, data: object) => ({ event: name, ts: now, ...data });
  const lines = Array.from({ length: 4 }, (_, at) => [
    event(`train/epoch/${at}`, { loss: 1 / (at + 1), [`acc ${evil("series")}`]: at, text: evil("text") }),
    event(evil("event name"), { [evil("key")]: at, nested: { [evil("key")]: at, file } }),
    event("dbx/file", {
      name: evil("file name"),
      size: 3,
      file: { ...file, path: evil("path"), hostname: evil("host") },
    }),
  ]).flat();
  await put(
    `${EXP}/runs/${RUN}/log.jsonl`,
    ...lines,
    "{ no event",
    `{"event":"${"x".repeat(10)}"`,
    evil("line").replaceAll("\n", " "),
  );
  await put(
    `${EXP}/runs/${RUN}/stdout.log.jsonl`,
    event("stdout", { text: evil("printed line") }),
    event("stderr", { text: evil("printed line") }),
  );
  await put(`${EXP}/runs/${RUN}/printed.log.jsonl`, event(evil("event name"), { value: 1, text: evil("text") }));
  await put(`${EXP}/runs/${RUN}/system.log.jsonl`, event("system", { [`gpu ${evil("key")}`]: 1 }));
  const reasons = [evil("reason")];
  await put(
    `${EXP}/runs/${RUN}/dbx.log.jsonl`,
    event("dbx/start", { pid: 1, hostname: evil("host"), heartbeat: 30 }),
    event("dbx/redacted", { [evil("rule")]: 3 }),
    event("dbx/seal", { log: evil("log"), size: 3, sha256: evil("hash") }),
    event("dbx/end", {
      status: "failed",
      exitCode: 3,
      signal: evil("signal"),
      durationMs: 5,
      lost: { events: 3, reasons },
      interruptions: [{ file: evil("file"), kind: evil("kind"), lost: 1 }],
    }),
  );
  await put(
    `${EXP}/notes/0hostile0rep1.log.jsonl`,
    event("dbx/tag", { tag: evil("tag") }),
    event("dbx/note", { text: evil("note") }),
    event("dbx/note", { text: evil("note of a run"), run: RUN }),
    event("dbx/command", {
      command: "start",
      id: START,
      run: "0hostile0new1",
      cmd: ["python", evil("word")],
      cwd: evil("folder"),
      env: { A: evil("value") },
    }),
    event("dbx/command", { command: "stop", id: "0hostile0stp1", run: evil("run") }),
  );
  await names(path, evil);
  await put(`${OLD}/meta.json`, {
    id: OLD,
    kind: evil("kind"),
    cmd: evil("command"),
    git: evil("git"),
    hostname: 3,
    [evil("key")]: evil("value"),
  });
  await put(`${OLD}/log.jsonl`, { event: evil("event name"), [evil("key")]: 3, text: evil("text") });
  await put(`${OLD}/files.json`, { [evil("file name")]: evil("hash") });
  await put("0hostile0bad1/meta.json", `{"id": "0hostile0bad1", "kind": 3, ${JSON.stringify(evil("key"))}: }`);
  await put("0hostile0bad2/meta.json", { id: evil("id"), createdAt: evil("time"), params: evil("params") });
  await put("0hostile0bad3/meta.json", { id: "0hostile0bad3", createdAt, kind: [evil("kind")], name: evil("name") });
  await put(".dbx/config.json", {
    remotes: { [evil("remote")]: { url: `https://evil.example/${evil("url")}`, tokenFile: evil("path") } },
  });
  await put(".dbx/tokens.json", {
    version: 1,
    tokens: [{ name: evil("token"), role: "read", sha256: "00".repeat(32), createdAt: now }],
  });
}

/** Folders, logs and links whose names are the attack, as far as a file system takes them. */
async function names(path: string, evil: (place: string) => string): Promise<void> {
  const name = () => {
    const text = evil("name of a file").toWellFormed().replaceAll(/[/\0]/g, "_").slice(0, 60);
    return text === "" || text === "." || text === ".." ? "x" : text;
  };
  await Deno.mkdir(`${path}/f${name()}/0hostile0exp2`, { recursive: true });
  await Deno.mkdir(`${path}/0hostile0exp3/runs/r${name()}`, { recursive: true });
  await Deno.writeTextFile(`${path}/${EXP}/runs/${RUN}/l${name()}.log.jsonl`, '{"event":"x","ts":1,"y":2}\nbad\n');
  await Deno.mkdir(`${path}/0hostile0exp3/notes`);
  await Deno.writeTextFile(`${path}/0hostile0exp3/notes/n${name()}.log.jsonl`, "bad\n");
  await Deno.symlink("/nowhere", `${path}/k${name()}`);
  await Deno.symlink(`/nowhere/${name()}`, `${path}/${EXP}/runs/k${name()}`);
  await Deno.mkdir(`${path}/objects/ab`, { recursive: true });
  await Deno.writeTextFile(`${path}/objects/ab/a${name()}`, "x");
}
