import { parse } from "yaml";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { DBX, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { blocksOf, documentAt } from "./documents.ts";

const ci = documentAt("lib/docs/ci.md");
const [github, gitlab] = blocksOf(ci, "yaml").map((block) => parse(block));
const [project] = blocksOf(ci, "sh").filter((block) => block.includes("train.sh <<"));
const hasCurl = new Deno.Command("sh", { args: ["-c", "command -v curl"], stdout: "null" }).outputSync().success;

/** A project as the page describes it, and a server for downloads of the executable under test. */
async function world(folder: string) {
  const own = await dbxOnPath(folder);
  const bytes = await Deno.readFile(DBX.length === 1 ? DBX[0] : `${folder}/bin/dbx`);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response(bytes));
  const { PATH: _, ...env } = own;
  const common = {
    ...env,
    DBX_REPO: "",
    HOME: `${folder}/home`,
    DBX_URL: `http://127.0.0.1:${server.addr.port}/dbx`,
    DBX_SHA256: new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(),
  };
  await Deno.mkdir(`${folder}/project`);
  const shell = async (script: string, more: Record<string, string>) => {
    const options = { args: ["-eo", "pipefail", "-c", script], cwd: `${folder}/project`, env: { ...common, ...more } };
    const { code, stdout, stderr } = await new Deno.Command("bash", options).output();
    const [out, err] = [stdout, stderr].map((output) => new TextDecoder().decode(output));
    return { code, out, err };
  };
  const made = await shell(project, { PATH: own.PATH });
  assertEquals(made.code, 0, made.err);
  await Deno.remove(`${folder}/project/output`, { recursive: true });
  return { shell, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** The same training, but it learns less. */
const WORSE = "sed -i 's/0.5 /0.9 /' train.sh && rm -r output";

Deno.test({
  name: "ci.md: the workflow for GitHub installs dbx, trains, and fails when the metric got worse [slow]",
  ignore: !hasCurl,
  async fn() {
    await using folder = await scratch();
    await using here = await world(folder.path);
    const paths = `${folder.path}/paths`;
    const summary = `${folder.path}/summary.md`;
    await Deno.writeTextFile(paths, "");
    await Deno.writeTextFile(summary, "");
    const steps = github.jobs.train.steps.filter(({ run }: { run?: string }) => run !== undefined);
    assertEquals(steps.map(({ name }: { name: string }) => name), ["install dbx", "train", "compare"]);
    const step = async (at: number) => {
      const added = (await Deno.readTextFile(paths)).split("\n").filter(Boolean);
      return await here.shell(steps[at].run, {
        PATH: [...added, Deno.env.get("PATH")].join(":"),
        GITHUB_ACTIONS: "true",
        GITHUB_PATH: paths,
        GITHUB_STEP_SUMMARY: summary,
      });
    };
    for (const at of [0, 1, 2]) {
      const { code, err, out } = await step(at);
      assertEquals(code, 0, out + err);
    }
    assertStringIncludes(await Deno.readTextFile(summary), "all hold: 2 conditions on 3 experiments");
    assertEquals((await here.shell(WORSE, {})).code, 0);
    assertEquals((await step(1)).code, 0);
    const failed = await step(2);
    assertEquals(failed.code, 1, failed.err);
    assertStringIncludes(failed.out, "::error title=dbx assert%3A last%3Aval_acc >= baseline::");
    assertStringIncludes(await Deno.readTextFile(summary), "❌");
  },
});

Deno.test({
  name: "ci.md: the job for GitLab does the same, and leaves its report [slow]",
  ignore: !hasCurl,
  async fn() {
    await using folder = await scratch();
    await using here = await world(folder.path);
    const { script, artifacts } = gitlab.train;
    const report = `${folder.path}/project/${artifacts.reports.junit}`;
    const job = () => here.shell(script.join("\n"), { PATH: Deno.env.get("PATH")!, GITLAB_CI: "true" });
    const { code, err, out } = await job();
    assertEquals(code, 0, out + err);
    assertStringIncludes(await Deno.readTextFile(report), 'tests="1" failures="0"');
    assertEquals((await here.shell(WORSE, {})).code, 0);
    assertEquals((await job()).code, 1);
    const text = await Deno.readTextFile(report);
    assert(text.includes("<failure") && text.includes("last:val_acc is worse than the baseline"), text);
  },
});
