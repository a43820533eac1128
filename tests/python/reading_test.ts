// Reading repositories in Python: by dbx, and over HTTP.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { PYTHON, python, pythonTest } from "./python.ts";
import { serve } from "./serve.ts";

const WRITE = `import dbxlogger
for lr in (0.1, 0.2):
    with dbxlogger.init({"lr": lr}, repo="r", kind="k", git=False) as run:
        for step in range(3):
            run.log({"loss": lr * step if step < 2 else float("nan")}, step=step)
html = run._repr_html_()
assert run.id in html and "<polyline" in html and "log:loss" in html, html
`;

const READ = `import dbxlogger, math, sys
repo = dbxlogger.open(sys.argv[1])
rows = repo.query("SELECT params.lr AS lr, step, value FROM points JOIN experiments USING (exp) WHERE params.lr > :least AND kind = :kind ORDER BY 1, 2", least=0.15, kind="k")
assert rows.columns == ["lr", "step", "value"], rows.columns
assert [(row["lr"], row["step"]) for row in rows] == [(0.2, 0), (0.2, 1), (0.2, 2)], rows
assert rows[1]["value"] == 0.2 and math.isnan(rows[2]["value"]), rows
assert rows.to_dict()["step"] == [0, 1, 2] and "<td>0.2</td>" in rows._repr_html_()
texts = repo.query("SELECT :a AS a, :b AS b, :c AS c", a="5", b="it's", c=True)[0]
assert (texts["a"], texts["b"], texts["c"]) == ("5", "it's", 1), texts
assert repo.query("SELECT 1 WHERE 0") == []
points = repo.series("loss", where="params.lr = 0.1")
assert [(row["step"], row["value"]) for row in points[:2]] == [(0, 0), (1, 0.1)], points
mean = repo.series("loss", group_by=["kind"], agg="mean")
assert [(row["kind"], row["step"]) for row in mean[:2]] == [("k", 0), ("k", 1)], mean
assert abs(mean[1]["mean"] - 0.15) < 1e-9, mean
try:
    repo.query("SELECT nothing FROM experiments")
    raise SystemExit("no error")
except dbxlogger.DbxError as error:
    print(error)
`;

pythonTest(
  "reading: rows, params of a query, curves, errors: of a folder by dbx, of a server by dbx and over HTTP [slow]",
  async (folder) => {
    const written = await python(folder, WRITE);
    assertEquals([written.code, written.stderr], [0, ""]);
    const withDbx = await dbxOnPath(folder);
    const withoutDbx = { PATH: PYTHON!.replace(/\/[^/]*$/, "") };
    const read = async (location: string, env: Record<string, string>) => {
      const ran = await python(folder, READ, { args: [location], env });
      assertEquals([ran.code, ran.stderr], [0, ""], `${location} ${JSON.stringify(env)}`);
      assertStringIncludes(ran.stdout, "nothing");
    };
    await read("r", withDbx);
    await using server = await serve(`${folder}/r`);
    await read(server.url, withDbx);
    await read(server.url, withoutDbx);
    const failing = await python(folder, READ, { args: ["r"], env: withoutDbx });
    assertStringIncludes(
      failing.stderr,
      "cannot read a folder without the program dbx: put it on PATH, or name a server",
    );
    assert(failing.code !== 0);
  },
);
