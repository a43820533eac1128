import type { CommandEnvironment, Parsed } from "../../../cli/command.ts";
import type { EXPERIMENT_OPTIONS } from "./experiment_options.ts";
import { absolute } from "../../../base/paths.ts";

/** Variables that the YAML library looks at: with one of them set it would print on the child's stdout. */
export const YAML_VARIABLES = ["LOG_STREAM", "LOG_TOKENS"];

/** What reading the file of `--params` needs. */
export function paramsPermissions(
  parsed: Parsed<typeof EXPERIMENT_OPTIONS>,
  { cwd }: Pick<CommandEnvironment, "cwd">,
): { readonly read: readonly string[]; readonly env?: readonly string[] } {
  const file = parsed.options.params;
  if (file === undefined) return { read: [] };
  const read = [absolute(file, cwd)];
  return isYaml(file) ? { read, env: YAML_VARIABLES } : { read };
}

/** Whether a file is read as YAML. */
export function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}
