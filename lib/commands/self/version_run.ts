import { VERSION } from "../../base/version.ts";
import { FORMAT_VERSION } from "../../format/definitions/definition.ts";
import { recordResult, type Result } from "../../terminal/result.ts";

/** Prints the version. */
export function run(): Promise<Result> {
  const facts = { dbx: VERSION, format: FORMAT_VERSION, deno: Deno.version.deno, target: Deno.build.target };
  return Promise.resolve(recordResult(facts, { text: (out) => out.line(`dbx ${VERSION}`) }));
}
