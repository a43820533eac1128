import { assertEquals } from "../../assert.ts";

/** The modules of the code that a module loads at once, by what they are called. */
async function modulesOf(path: string): Promise<string[]> {
  const root = new URL(`../../../${path}`, import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      readonly specifier: string;
      readonly dependencies?: { readonly code?: { readonly specifier: string }; readonly isDynamic?: boolean }[];
    }[];
  };
  const all = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<string>();
  const visit = (specifier: string): void => {
    const module = all.get(specifier);
    if (module === undefined || found.has(specifier)) return;
    found.add(specifier);
    for (const { code, isDynamic } of module.dependencies ?? []) if (code && !isDynamic) visit(code.specifier);
  };
  visit(root);
  return [...found].map((specifier) => specifier.split("/").at(-1)!);
}

Deno.test("threads that read logs load no store: that would take them longer than to read much", async () => {
  for (const worker of ["lib/index/parse/parse_worker.ts", "lib/query/snapshot/bulk/bulk_worker.ts"]) {
    const modules = await modulesOf(worker);
    assertEquals(modules.includes("log_columns.ts"), true, worker);
    assertEquals(modules.filter((name) => name.endsWith("_store.ts")), [], worker);
  }
});
