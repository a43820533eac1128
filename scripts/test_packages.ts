// Tests of capture with packages that are too large for every machine: `deno task test:packages`. They are installed from the package
// index, each into an environment of its own in a folder for temporary files (7 GB), and removed afterwards.
import { assertEquals } from "../tests/assert.ts";
import { scriptOf } from "../tests/interop/capture/check_case.ts";
import { dbx, scratch } from "../tests/e2e/dbx.ts";
import { openRepository } from "../mod.ts";

/** Packages, and what is tested with them. */
const PACKAGES = [
  {
    name: "lightning",
    install: ["lightning==2.6.6", "tensorboard==2.21.0", "wandb==0.31.0"],
    test: lightning,
  },
  {
    name: "transformers",
    install: ["transformers==5.24.0", "accelerate", "torch==2.15.0", "tensorboard==2.21.0", "wandb==0.31.0"],
    test: transformers,
  },
  { name: "keras", install: ["tensorflow-cpu==2.21.0", "keras==3.15.1", "tensorboard"], test: keras },
];

/** Lightning with three of its loggers: each of the packages has the same values, once. */
async function lightning(python: string): Promise<void> {
  const points = await pointsOf("lightning", python);
  const losses = points.filter(({ series }) => series === "log:train/loss");
  for (const log of ["wandb", "tensorboard", "lightning"]) {
    const own = losses.filter((point) => point.log === log);
    assertEquals(own.map(({ step }) => step), [1, 3, 5, 7]);
    assertEquals(own.map(({ value }) => value), losses.slice(0, 4).map(({ value }) => value));
  }
}

/** The Trainer of Hugging Face, which logs to W&B and TensorBoard by itself: by its own step. */
async function transformers(python: string): Promise<void> {
  for (const options of [[], ["--shim", "wandb"]]) {
    const points = await pointsOf("transformers", python, options);
    for (const log of ["wandb", ...options.length === 0 ? ["tensorboard"] : []]) {
      const own = points.filter((point) => point.log === log && point.series === "log:train/loss");
      assertEquals(own.map(({ step }) => step), [1, 2, 3, 4]);
    }
  }
}

/** Keras's TensorBoard callback, which writes by tf.summary. */
async function keras(python: string): Promise<void> {
  const points = await pointsOf("keras", python);
  for (const series of ["log/train:epoch_loss", "log/validation:epoch_loss"]) {
    assertEquals(points.filter((point) => point.series === series).map(({ step }) => step), [0, 1, 2]);
  }
}

async function pointsOf(name: string, python: string, options: readonly string[] = []) {
  await using folder = await scratch();
  const env = { DBX_REPO: `${folder.path}/repository`, WANDB_MODE: "offline", WANDB_SILENT: "true", HOME: folder.path };
  const words = ["run", "-q", "--no-git", "--no-code", ...options, "--", python, scriptOf(name)];
  const ended = await dbx(words, { cwd: folder.path, env });
  assertEquals(ended.code, 0, ended.stdout + ended.stderr);
  const repo = await openRepository(env.DBX_REPO);
  const failed = await repo.query("SELECT data FROM events WHERE event = 'dbx/capture-failed'").objects();
  assertEquals(failed, []);
  return await repo.query("SELECT log, series, step, value FROM points ORDER BY log, series, idx")
    .objects<{ log: string; series: string; step: number; value: number }>();
}

let failed = 0;
for (
  const { install, test } of PACKAGES.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name))
) {
  const folder = await Deno.makeTempDir({ prefix: "dbx-packages-" });
  try {
    for (const args of [["python3", "-m", "venv", folder], [`${folder}/bin/pip`, "install", "--quiet", ...install]]) {
      const { code } = await new Deno.Command(args[0], { args: args.slice(1) }).spawn().status;
      if (code !== 0) throw new Error(`${args.join(" ")} failed`);
    }
    await test(`${folder}/bin/python`);
    console.log(`${install[0]}: passed`);
  } catch (error) {
    failed++;
    console.log(`${install[0]}: failed: ${error instanceof Error ? error.message : error}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
if (failed > 0) Deno.exit(1);
