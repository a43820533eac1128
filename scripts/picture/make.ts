// Makes lib/docs/terminal.svg, the picture in the README: what `dbx ls` and `dbx show --plot` print on a terminal of 80 columns
// about the experiments of `deno task demo`, which has to come first. Needs `script` of util-linux.
//
//   deno task demo && deno task picture
import { cellsOf } from "./cells.ts";
import { svgOf } from "./svg.ts";

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const environment = {
  PATH: `${root}dist/bin:${Deno.env.get("PATH")}`,
  DBX_REPO: `${root}demo-output`,
  SHELL: "/bin/sh",
};

/** What a command line prints on a terminal. */
async function printed(line: string): Promise<string> {
  const args = ["-qec", `stty cols 80 rows 50; ${line}`, "/dev/null"];
  const { success, stdout } = await new Deno.Command("script", { args, env: environment, cwd: root }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`Cannot run "${line}": ${text}`);
  // The picture is public: it does not show where it was made.
  const host = new RegExp(`(?<= )${Deno.hostname()}(?=\\r?$)`, "m");
  return text.replaceAll(root.slice(0, -1), "~/dbx").replace(host, "gpu-7");
}

const list = "dbx ls --cols id,duration,params.lr,params.seed,min:val_loss --sort min:val_loss";
const table = await printed(list);
// deno-lint-ignore no-control-regex
const best = table.replace(/\x1b\[[\d;]*m/g, "").split("\n")[1].split(" ")[0];
const show = `dbx show ${best.slice(0, 4)} --plot '*_loss' --lines 0`;
const prompt = (line: string) => `\x1b[32m$\x1b[0m \x1b[1m${line}\x1b[0m\n`;
const output = `${prompt(list)}${table}\n${prompt(show)}${await printed(show)}`;
await Deno.writeTextFile(
  `${root}lib/docs/terminal.svg`,
  svgOf(cellsOf(output), "dbx ls and dbx show --plot on a terminal"),
);
