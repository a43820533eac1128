import { assert, assertEquals } from "../../../assert.ts";
import { TopApp } from "../../../../lib/commands/look/top/app.ts";
import { TopModel } from "../../../../lib/commands/look/top/model/model.ts";
import { TopState } from "../../../../lib/commands/look/top/state.ts";
import { Cells } from "../../../../lib/terminal/screen/cells.ts";
import type { LocalRepository } from "../../../../lib/client/local_repository.ts";
import { isTransient, messageOf, UnreachableError } from "../../../../lib/base/errors.ts";
import { openRepository } from "../../../../mod.ts";

/** Repositories with experiments, and `dbx top` that looks at them without a terminal. */
class Stage implements AsyncDisposable {
  readonly ran: string[][] = [];
  /** Whether the output of runs cannot be read. */
  isDown = false;
  readonly #controller = new AbortController();

  private constructor(readonly folders: readonly string[], readonly repos: readonly LocalRepository[]) {}

  app!: TopApp;

  static async make(counts: readonly number[], isReadOnly = false): Promise<Stage> {
    const folders: string[] = [];
    const repos: LocalRepository[] = [];
    for (const count of counts) {
      const folder = await Deno.makeTempDir();
      const repo = await openRepository(folder) as LocalRepository;
      for (let at = 0; at < count; at++) {
        const experiment = await repo.experiment({
          kind: "demo",
          name: `name ${at} 中文`,
          params: { lr: at, model: "m" },
        });
        const run = await experiment.run();
        for (let epoch = 0; epoch < 5; epoch++) {
          run.log(`train/epoch/${epoch}`, { loss: at + 1 / (epoch + 1), acc: epoch });
        }
        await run.finish();
      }
      folders.push(folder);
      repos.push(repo);
    }
    const stage = new Stage(folders, repos);
    const sources = repos.map((repository, at) => ({ name: folders[at], repository: stage.#reached(repository) }));
    const model = new TopModel(sources, {
      onChange: () => {},
      onAnswer: (source) => stage.app.state.heardOf(source),
      onError: (error, source) => {
        if (!isTransient(error)) throw error;
        stage.app.state.say(messageOf(error), true, source);
      },
    }, stage.#controller.signal);
    const look = { characters: "braille", colour: true, manyColours: true } as const;
    const options = { filter: {}, cols: [], sort: "name", isReadOnly, look, now: () => Date.now() };
    stage.app = new TopApp(new TopState(model, options), {
      invalidate: () => {},
      redraw: () => {},
      quit: () => {},
      run: (row, name, words) => {
        stage.ran.push([row.source.name, name, ...words]);
        return Promise.resolve();
      },
    });
    await stage.app.relist("", "name");
    return stage;
  }

  /** A repository that fails as a server does that is away. */
  #reached(repository: LocalRepository): LocalRepository {
    return new Proxy(repository, {
      get: (target, name) => {
        if (name === "findExperiment" && this.isDown) throw new UnreachableError("Cannot reach the server");
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  draw(columns: number, rows: number): string[] {
    const cells = new Cells(columns, rows);
    this.app.paint(cells.area);
    return Array.from({ length: rows }, (_, row) => cells.line(row));
  }

  /** Draws until it looks as it should. */
  async drawn(columns: number, rows: number, isSo: (text: string) => boolean): Promise<string[]> {
    for (const from = Date.now();;) {
      const lines = this.draw(columns, rows);
      if (isSo(lines.join("\n"))) return lines;
      if (Date.now() - from > 60_000) throw new Error(`waited in vain:\n${lines.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  press(...keys: string[]): void {
    for (const key of keys) this.app.take({ kind: "key", key });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    for (const repo of this.repos) await repo.close();
    for (const folder of this.folders) await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("dbx top: the panes that a width has room for, and frames that are whole", async () => {
  await using stage = await Stage.make([4]);
  for (const [columns, rows, panes] of [[40, 12, 1], [60, 24, 2], [80, 24, 2], [120, 40, 3], [300, 60, 3]] as const) {
    const lines = await stage.drawn(
      columns,
      rows,
      (text) => text.includes("name 3 中文") && !text.includes("reading…"),
    );
    const text = lines.join("\n");
    assertEquals(text.split("╭").length - 1, panes, `${columns}:\n${text}`);
    for (const corner of "╮╰╯") assertEquals(text.split(corner).length - 1, panes, `${columns}: ${corner}\n${text}`);
    if (panes > 1) assert(text.includes("train/epoch:loss") || text.includes("train/epoch:acc"), text);
    if (panes > 1) assert(/[\u2801-\u28ff]/.test(text), text);
    if (panes === 3) assert(text.includes("params") && text.includes("│ lr "), text);
    assert(lines[0].startsWith("dbx top") && lines[rows - 1].startsWith("? help  q quit"), text);
  }
});

Deno.test("dbx top: no size makes it fail", async () => {
  await using stage = await Stage.make([2]);
  for (const keys of [[], ["?"], ["escape", "/"], ["escape", "2", "z"], ["escape", "l"], ["1", " ", " ", "c"]]) {
    stage.press(...keys);
    for (const columns of [1, 2, 5, 11, 23, 49, 50, 111, 201]) {
      for (const rows of [1, 2, 3, 6, 15, 17, 50]) stage.draw(columns, rows);
    }
  }
});

Deno.test("dbx top: several repositories are one list, and a change is made in the one that a run is of", async () => {
  await using stage = await Stage.make([1, 2]);
  const lines = await stage.drawn(160, 30, (text) => text.includes("1/3"));
  assert(lines.some((line) => line.includes("repo")), lines.join("\n"));
  stage.press("a", "t");
  for (const letter of "good") stage.press(letter);
  stage.press("enter");
  await stage.drawn(160, 30, (text) => text.includes("tagged 3 runs"));
  assertEquals(
    stage.ran.map(([folder, name, , , tag]) => [folder, name, tag]).sort(),
    [
      [stage.folders[0], "tag", "good"],
      [stage.folders[1], "tag", "good"],
      [stage.folders[1], "tag", "good"],
    ].sort(),
  );
});

Deno.test("dbx top --read-only: no key tags, notes or stops", async () => {
  await using stage = await Stage.make([1], true);
  stage.press("t", "x", "enter", "n", "x", "enter", "S", "y");
  assertEquals(stage.ran, []);
  assert(!stage.draw(120, 30).at(-1)!.includes("tag"));
});

Deno.test("dbx top: the mouse chooses, marks, sorts and zooms", async () => {
  await using stage = await Stage.make([4]);
  const lines = await stage.drawn(120, 40, (text) => text.includes("name 3") && /[\u2801-\u28ff]/.test(text));
  const { state } = stage.app;
  const click = (column: number, row: number) =>
    stage.app.take({ kind: "mouse", action: "press", button: 0, column, row });
  const row = lines.findIndex((line) => line.includes("name 2"));
  click(10, row);
  assertEquals(state.current?.name, "name 2 中文");
  click(1, row);
  assertEquals([...state.marks.values()].map(({ name }) => name), ["name 2 中文"]);
  stage.draw(120, 40);
  click(100, 5);
  assertEquals(state.pane, "charts");
  click(100, 5);
  assertEquals(state.isZoomed, true);
  stage.draw(120, 40);
  stage.press("escape", "1");
  stage.draw(120, 40);
  const head = lines.findIndex((line) => line.includes("id") && line.includes("name"));
  click(lines[head].indexOf("name") + 1, head);
  await stage.drawn(120, 40, (text) => text.includes("↓name"));
  stage.app.take({ kind: "mouse", action: "wheel-down", button: 0, column: 5, row });
});

Deno.test("dbx top: a new experiment and new points come by themselves", async () => {
  await using stage = await Stage.make([1]);
  await stage.drawn(120, 40, (text) => text.includes("1/1") && text.includes("0.2"));
  const [repo] = stage.repos;
  const run = await (await repo.experiment({ kind: "demo", name: "another" })).run();
  await stage.drawn(120, 40, (text) => text.includes("another") && text.includes("2/2"));
  run.log("train/epoch/0", { loss: 0.0625 });
  await stage.drawn(120, 40, (text) => text.includes("0.0625"));
  await run.finish();
});

Deno.test("dbx top: the cursor stays on its run when an answer has another order", async () => {
  await using stage = await Stage.make([3]);
  const { state } = stage.app;
  await stage.app.relist("", "-last:loss");
  await stage.drawn(120, 40, (text) => text.includes("1/3") && text.includes("↓last:loss"));
  stage.press("down");
  assertEquals(state.current?.name, "name 1 中文");
  const { exp } = state.current!;
  stage.press("t");
  const asked = stage.draw(120, 40).at(-1)!;
  assert(asked.startsWith(`tag 1 run (name 1 中文 ${exp.slice(0, 6)}):`), asked);
  const run = await (await stage.repos[0].experiment({ kind: "demo", name: "better" })).run();
  run.log("train/epoch/0", { loss: 99 });
  await run.finish();
  await stage.drawn(120, 40, (text) => text.includes("3/4"));
  assertEquals(state.current?.exp, exp);
  for (const letter of "good") stage.press(letter);
  stage.press("enter");
  await stage.drawn(120, 40, (text) => text.includes("tagged 1 run"));
  assertEquals(stage.ran.map((words) => words.slice(1)), [["tag", "--", exp, "good"]]);
});

Deno.test("dbx top: what a server that was away made it say goes with its next answer [slow]", async () => {
  await using stage = await Stage.make([1]);
  await stage.drawn(120, 40, (text) => text.includes("1/1"));
  stage.isDown = true;
  stage.press("l");
  await stage.drawn(120, 40, (text) => text.includes("Cannot reach the server"));
  stage.isDown = false;
  await stage.drawn(120, 40, (text) => !text.includes("Cannot reach"));
});

Deno.test("dbx top: the columns of params are those of dbx ls", async () => {
  await using stage = await Stage.make([3]);
  const [repo] = stage.repos;
  // What only some have does not differ, and does not push away what does.
  for (let at = 0; at < 12; at++) await repo.experiment({ kind: "demo", params: { lr: 7, [`only${at}`]: at } });
  const text = (await stage.drawn(300, 40, (text) => text.includes("/15"))).join("\n");
  assert(/\blr\b/.test(text) && !text.includes("only0") && !/ model /.test(text.split("\n")[2]), text);
});

Deno.test("dbx top: space marks the run also where the output has the focus, and says so", async () => {
  await using stage = await Stage.make([2]);
  await stage.drawn(120, 40, (text) => text.includes("1/2"));
  stage.press("l", " ");
  const text = (await stage.drawn(120, 40, (text) => text.includes("1 marked"))).join("\n");
  assert(text.includes("marked: name 0") && text.includes("╭ 1 run ") && !text.includes("1 runs"), text);
  stage.press(" ");
  await stage.drawn(120, 40, (text) => text.includes("no longer marked: name 0") && !text.includes("1 marked"));
});

Deno.test("dbx top: a command behind : is completed, done, or refused with a reason", async () => {
  await using stage = await Stage.make([4]);
  await stage.drawn(120, 40, (text) => text.includes("name 3"));
  const { state } = stage.app;
  const type = async (text: string) => {
    stage.press(":", ...text);
    stage.press("enter");
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  await type("go name 3");
  assertEquals([state.current?.name, state.prompt], ["name 3 中文", undefined]);
  await type(`go ${state.model.rows[1].exp.slice(0, 6)}`);
  assertEquals(state.list.cursor, 1);
  await type("x rel");
  assertEquals(state.prompt?.error, `"rel" is not an axis; there are step, time, relative`);
  stage.press("escape");
  await type("smooth 0.7");
  await type("x relative");
  assertEquals([state.style, state.prompt], [{ x: "relative", smooth: 0.7 }, undefined]);
  await type("tag -bad one");
  assertEquals(stage.ran.at(-1)!.slice(1), ["tag", "--remove", "--", state.current!.exp, "bad one"]);
  await type("sorted name");
  assertEquals(state.prompt?.error, `"sorted" is not a command; did you mean "sort"?`);
  stage.press("escape");
  await type("sort -name");
  await stage.drawn(120, 40, (text) => text.includes("↓name"));
  await type("filter params.lr < 0");
  await stage.drawn(120, 40, () => state.model.rows.length === 0);
  await type("filter");
  await stage.drawn(120, 40, () => state.model.rows.length === 4);
  stage.press(":", ..."sta", "tab");
  await stage.drawn(120, 40, () => state.prompt?.suggestions.length === 0);
  stage.press("escape", ":", ..."so", "tab");
  await stage.drawn(120, 40, () => state.prompt?.line.text === "sort ");
  stage.press(..."creat", "tab");
  await stage.drawn(120, 40, () => state.prompt?.line.text.startsWith("sort created") === true);
});

Deno.test("dbx top: charts say their values at a line that keys and the mouse move", async () => {
  await using stage = await Stage.make([2]);
  await stage.drawn(120, 40, (text) => text.includes("name 1") && /[\u2801-\u28ff]/.test(text));
  const { state } = stage.app;
  stage.press("2", "g", ">");
  const [said] = (await stage.drawn(120, 40, (text) => text.includes(" at "))).filter((line) => line.includes(" at "));
  const [, at, value] = / at (\S+): (\S+)/.exec(said)!;
  assertEquals([Number(at), Number.isFinite(Number(value))], [state.plot!.x.low, true], said);
  stage.press("<");
  assertEquals(state.probe, state.plot!.x.low);
  stage.press(">");
  assertEquals(state.probe! > state.plot!.x.low, true);
  const before = state.probe;
  stage.app.take({ kind: "mouse", action: "drag", button: 0, column: 110, row: 6 });
  assertEquals(state.probe! > before!, true);
  stage.press("1", "a", "2");
  await stage.drawn(120, 40, (text) => / at \S+ /.test(text));
  stage.press("escape");
  assertEquals(state.probe, undefined);
  stage.draw(120, 40);
  stage.press("<");
  assertEquals(state.probe, state.plot!.x.high);
});
