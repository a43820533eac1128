import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { scratch } from "../e2e/dbx.ts";
import { type Answer, isAnswer, parseScript, printScript, type Step } from "./script.ts";
import { Replaced } from "./replaced.ts";

const folder = new URL("./", import.meta.url);
/** A command that takes longer does not end by itself. */
const MAX_SECONDS = 60;
/** Writes down what is answered, where it is not what stands there. */
const isUpdate = Deno.env.get("DBX_TEST_UPDATE") !== undefined;

for (const path of scriptsBelow("")) {
  const file = new URL(path, folder);
  // A story that takes seconds says so in its first line, as the name of a slow test does.
  const mark = /^#.* \[slow\]\n/.test(Deno.readTextFileSync(file)) ? " [slow]" : "";
  Deno.test(`commands: ${path}${mark}`, () => run(file));
}

function scriptsBelow(below: string): string[] {
  return [...Deno.readDirSync(new URL(below, folder))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return scriptsBelow(`${below}${name}/`);
    return name.endsWith(".txtar") ? [below + name] : [];
  }).sort();
}

async function run(file: URL): Promise<void> {
  const text = await Deno.readTextFile(file);
  const script = parseScript(text);
  await using beside = await scratch();
  const path = `${beside.path}/work`;
  await Deno.mkdir(path);
  for (const [name, content] of script.files) {
    await Deno.mkdir(`${path}/${name}`.replace(/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, content);
  }
  const env = { ...await dbxOnPath(beside.path), DBX_REPO: "", NO_COLOR: "1", COLUMNS: "100", TZ: "UTC" };
  const replaced = new Replaced(path);
  const answers: Answer[] = [];
  const wrong: string[] = [];
  for (const step of script.steps) {
    const answer = await answerOf(step, replaced, env);
    const isRight = isAnswer(answer, step.answer);
    answers.push(isRight ? step.answer : answer);
    if (!isRight) wrong.push(`line ${step.line}: ${printScript({ ...script, steps: [step], tail: "" }, [answer])}`);
  }
  if (wrong.length === 0) return;
  // A bug in dbx is never the answer, nor is what does not end.
  const isSound = answers.every(({ code }) => code !== 70 && code !== 124);
  if (isUpdate && isSound) return await Deno.writeTextFile(file, printScript(script, answers));
  const advice = "; where that is right, DBX_TEST_UPDATE=1 writes it down";
  throw new Error(`Something else is answered${advice}:\n${wrong.join("\n")}`);
}

async function answerOf(step: Step, replaced: Replaced, env: Record<string, string>): Promise<Answer> {
  const { code, stdout, stderr } = await new Deno.Command("timeout", {
    args: [String(MAX_SECONDS), "sh", "-c", step.command],
    cwd: replaced.folder,
    env: { ...env, ...replaced.variables },
    stdin: "null",
  }).output();
  replaced.look();
  const linesOf = (bytes: Uint8Array) => replaced.linesOf(new TextDecoder().decode(bytes));
  return { stdout: linesOf(stdout), stderr: linesOf(stderr), code };
}
