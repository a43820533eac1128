// Fails on a name that deno.json maps and nothing uses, on one that is used and not mapped, on a version that is not exact, and on
// two versions of one package.

/** Two versions of a package, and why. */
const TWO_VERSIONS: Readonly<Record<string, string>> = {
  "deno-std@1.3.1":
    "its `fs`: no later release holds that folder, and the `parse_args` of this one reads `--name=` wrongly",
};

/** The configurations, each with the folder whose modules it maps names for. What needs a large package has one of its own. */
const CONFIGS = ["deno.json", "scripts/bench/duckdb/deno.json", "scripts/scanner/deno.json"];

const root = new URL("..", import.meta.url);
const errors: string[] = [];

interface Config {
  readonly imports: Readonly<Record<string, string>>;
}

/** The bare specifiers and those of npm that the modules of a folder import, with one of the modules. */
function usedIn(folder: string, used = new Map<string, string>()): Map<string, string> {
  for (const entry of Deno.readDirSync(new URL(folder === "" ? "." : `${folder}/`, root))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      if (!/^(\.|node_modules|dist$|demo-output)/.test(entry.name)) usedIn(path, used);
    } else if (path.endsWith(".ts")) {
      const code = Deno.readTextFileSync(new URL(path, root)).replace(/\/\*[\s\S]*?\*\//g, "");
      const found = code.matchAll(
        /^(?:import|export)\s(?:[^"';]*?from\s*)?"([^".$][^"]*)"|\bimport\("([^".$][^"]*)"\)/gm,
      );
      for (const match of found) used.set(match[1] ?? match[2], path);
    }
  }
  return used;
}

const used = usedIn("");
const mapped = new Map<string, string>();
for (const path of CONFIGS) {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL(path, root))) as Config;
  for (const [name, target] of Object.entries(imports)) {
    if (!used.has(name)) errors.push(`${path}: maps "${name}", which nothing imports`);
    if (mapped.has(name) && mapped.get(name) !== target) errors.push(`${path}: maps "${name}" to another version`);
    mapped.set(name, target);
  }
}
const versions = new Map<string, Set<string>>();
for (const [specifier, path] of [...used, ...[...mapped].map(([name, target]) => [target, `the map of "${name}"`])]) {
  if (specifier.startsWith("node:") || mapped.has(specifier)) continue;
  const [, name, version] = /^npm:((?:@[^/]+\/)?[^@/]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)(?:\/|$)/.exec(specifier) ?? [];
  if (name === undefined) errors.push(`${path}: "${specifier}" is neither mapped nor of an exact version`);
  else if (!Object.hasOwn(TWO_VERSIONS, `${name}@${version}`)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
}
for (const [name, all] of versions) {
  if (all.size > 1) errors.push(`${name}: in ${all.size} versions, ${[...all].join(", ")}`);
}

for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`dependencies: ${[...versions].map(([name, [version]]) => `${name} ${version}`).sort().join(", ")}`);
