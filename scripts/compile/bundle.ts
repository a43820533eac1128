// Bundles the program and its workers by `deno bundle`, whose bundler is a package of its own: it is fetched by the lock, and
// lies where the compiler looks for it before it would fetch it without one.
import { relative } from "@std/path";
import { filesBelow } from "./files.ts";
import type { Lock } from "./lock.ts";

const VERSION = "0.25.5";
const HOST = { linux: "linux", darwin: "darwin", windows: "win32" }[Deno.build.os as string] + "-" +
  { x86_64: "x64", aarch64: "arm64" }[Deno.build.arch];

/** The folders in which the compiler looks for it: Deno 2.7, Deno 2.9. */
const PLACES = [`esbuild-${VERSION}`, `esbuild-${VERSION}-1`];

/** The bundler for this machine, as `name@version`. */
export const BUNDLER = `@esbuild/${HOST}@${VERSION}`;

/** Its package on each machine that can compile. */
const INTEGRITY: Readonly<Record<string, string>> = {
  "linux-x64": "sha512-uhj8N2obKTE6pSZ+aMUbqq+1nXxNjZIIjCjGLfsWvVpy7gKCOL6rsY1MhRh9zLtUtAI7vpgLMK6DxjO8Qm9lJw==",
  "linux-arm64": "sha512-Z9kfb1v6ZlGbWj8EJk9T6czVEjjq2ntSYLY2cw6pAZl4oKtfgQuS4HOq41M/BcoLPzrUbNd+R4BXFyH//nHxVg==",
  "darwin-x64": "sha512-1iT4FVL0dJ76/q1wd7XDsXrSW+oLoquptvh4CLR4kITDtqi2e/xwXwdCVH8hVHU43wgJdsq7Gxuzcs6Iq/7bxQ==",
  "darwin-arm64": "sha512-GtaBgammVvdF7aPIgH2jxMDdivezgFu6iKpmT+48+F8Hhg5J/sfnDieg0aeG/jfSvkYQU2/pceFPDKlqZzwnfQ==",
  "win32-x64": "sha512-TXv6YnJ8ZMVdX+SXWVBo/0p8LTcrUYngpWjvm91TMjjBQii7Oz11Lw5lbDV5Y0TzuhSJHwiH4hEtC1I42mMS0g==",
};

/** A lock that knows the bundler too. */
export function withBundler(lock: Lock): Lock {
  const integrity = INTEGRITY[HOST];
  if (integrity === undefined) throw new Error(`Cannot compile on ${HOST}: no bundler is known; use another machine`);
  return {
    ...lock,
    specifiers: { ...lock.specifiers, [`npm:${BUNDLER}`]: VERSION },
    npm: { ...lock.npm, [BUNDLER]: { integrity } },
  };
}

/** Where the bundle has a module of the tree. */
export function bundled(module: string): string {
  return module.replace(/\.ts$/, ".js");
}

/** Bundles modules into `bundle/` in a folder, in which the configuration, the lock and the cache of a compilation are. */
export async function bundle(deno: string, root: string, folder: string, modules: readonly string[]): Promise<void> {
  const run = async (args: readonly string[], cwd: string) => {
    const options = { args: [...args], cwd, env: { DENO_DIR: `${folder}/cache` }, stdout: "null" as const };
    const { success } = await new Deno.Command(deno, options).spawn().status;
    if (!success) throw new Error(`Cannot compile: deno ${args[0]} failed; it says why above`);
  };
  await run(["install", "--quiet", "--frozen", "--node-modules-dir=none"], folder);
  const [name, suffix] = Deno.build.os === "windows" ? ["esbuild.exe", ".exe"] : ["bin/esbuild", ""];
  const downloads = `${folder}/cache/dl`;
  const copy = `${await packagesIn(`${folder}/cache/npm`)}/@esbuild/${HOST}/${VERSION}/${name}`;
  for (const place of PLACES) {
    await Deno.mkdir(`${downloads}/${place}`, { recursive: true });
    const program = `${downloads}/${place}/esbuild-${HOST}${suffix}`;
    await Deno.copyFile(copy, program);
    await Deno.chmod(program, 0o755);
  }
  const config = ["--config", `${folder}/deno.json`, "--lock", `${folder}/deno.lock`, "--frozen"];
  // Not minified: the minifier puts what `using` declares into the place of its only use, and then nothing disposes of it.
  const how = [
    "--quiet",
    "--platform",
    "deno",
    "--code-splitting",
    "--sourcemap=external",
    "--outdir",
    `${folder}/bundle`,
  ];
  await run(["bundle", ...config, ...how, ...modules], root);
  for await (const { name } of Deno.readDir(downloads)) {
    if (!PLACES.includes(name)) {
      throw new Error(`Cannot compile: this Deno bundles by ${name}, whose checksum is not known here`);
    }
  }
  await pointToWorkers(`${folder}/bundle`, modules);
  await giveRequire(`${folder}/bundle`);
}

/** The folder with packages in the cache, which is called like the registry. */
async function packagesIn(cache: string): Promise<string> {
  for await (const { name, isDirectory } of Deno.readDir(cache)) if (isDirectory) return `${cache}/${name}`;
  throw new Error(`Cannot compile: no packages are in ${cache}`);
}

/** The first words of a module that has `require`. */
export const REQUIRE =
  `import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);`;

/**
 * Packages of CommonJS ask for modules of the runtime by `require`, which a bundle does not have by itself. It gets it in
 * its first line, so that the numbers of all lines stay those of the source map.
 */
async function giveRequire(folder: string): Promise<void> {
  for (const file of await filesBelow(folder)) {
    const text = await Deno.readTextFile(file);
    if (text.includes("Dynamic require of")) await Deno.writeTextFile(file, REQUIRE + text);
  }
}

/** Workers are named by URLs, which the bundler leaves as they are. */
async function pointToWorkers(folder: string, modules: readonly string[]): Promise<void> {
  const missing = new Set(modules.filter((module) => module.endsWith("worker.ts")));
  for (const file of await filesBelow(folder)) {
    const text = await Deno.readTextFile(file);
    const changed = text.replaceAll(/new URL\("\.\/((?:\w+\/)*\w*worker)\.ts", ?import\.meta\.url\)/g, (_, name) => {
      const worker = modules.find((module) => `/${module}`.endsWith(`/${name}.ts`));
      if (worker === undefined) throw new Error(`Cannot compile: the worker "${name}" is not bundled`);
      missing.delete(worker);
      return `new URL("${relative(file.replace(/[^/]*$/, ""), `${folder}/${bundled(worker)}`)}",import.meta.url)`;
    });
    if (changed !== text) await Deno.writeTextFile(file, changed);
  }
  if (missing.size > 0) throw new Error(`Cannot compile: nothing starts ${[...missing].join(", ")}`);
}
