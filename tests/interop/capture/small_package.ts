// A small package that is called like a real one, and runs of scripts that log with it.
import { openRepository } from "../../../mod.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

/** A stand-in for tensorboardX: its file writer does nothing. */
const PACKAGE = `
class FileWriter:
    def get_logdir(self): return "logs"
    def add_summary(self, summary, global_step=None, walltime=None): pass

class SummaryWriter:
    def _get_file_writer(self): return FileWriter()
    def add_scalar(self, tag, scalar_value, global_step=None, walltime=None):
        """Adds one."""
        if tag == "refused": raise ValueError("no " + tag)
        return (tag, global_step)
    def add_scalars(self, main_tag, tag_scalar_dict, global_step=None, walltime=None):
        for tag, value in tag_scalar_dict.items(): self.add_scalar(main_tag + "/" + tag, value, global_step)
    def add_hparams(self, hparam_dict, metric_dict): pass
    def add_text(self, tag, text_string, global_step=None, walltime=None): pass
`;

/** Writes a script, `script.py`, and that package beside it. */
export async function writeScript(cwd: string, script: string): Promise<void> {
  await Deno.mkdir(`${cwd}/tensorboardX`);
  await Deno.writeTextFile(`${cwd}/tensorboardX/__init__.py`, "from .writer import SummaryWriter\n");
  await Deno.writeTextFile(`${cwd}/tensorboardX/writer.py`, PACKAGE);
  await Deno.writeTextFile(`${cwd}/script.py`, script);
}

/** Runs a script beside that package; returns how it ended, and the points of the run. */
export async function run(
  script: string,
  { options = [], env = {}, program = ["python3", "script.py"], act }: {
    readonly options?: readonly string[];
    readonly env?: Record<string, string>;
    readonly program?: readonly string[];
    readonly act?: (cwd: string, exp: string) => Promise<void>;
  } = {},
) {
  await using folder = await scratch();
  const cwd = folder.path;
  await writeScript(cwd, script);
  const words = ["run", "-q", "--no-git", "--no-code", "--system-interval", "0", ...options, "--", ...program];
  const ended = await dbx(words, { cwd, env: { ...env, DBX_REPO: `${cwd}/repository` } });
  const repo = await openRepository(`${cwd}/repository`);
  const points = await repo.query("SELECT exp, log, series, step, value FROM points ORDER BY log, series, idx")
    .objects<{ exp: string; log: string; series: string; step: number; value: number }>();
  const [{ exp }] = await repo.query("SELECT exp FROM runs").objects<{ exp: string }>();
  if (act !== undefined) await act(cwd, exp);
  return { ...ended, points: points.map(({ log, series, step, value }) => [log, series, step, value]) };
}

/** How a script begins that uses it. */
export const WRITER = "from tensorboardX import SummaryWriter\nw = SummaryWriter()\n";
