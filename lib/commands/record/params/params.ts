import { UsageError } from "../../../base/errors.ts";
import type { JsonObject } from "../../../base/json.ts";
import type { Redactor } from "../../../redact/redactor.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { type EXPERIMENT_OPTIONS, pairsOf } from "./experiment_options.ts";
import { childParams } from "./child_params.ts";
import { mergeParams, setParam } from "./merge_params.ts";
import { readParamsFile } from "./params_file.ts";
import { parseTypedValue } from "../../../cli/typed_value.ts";
import { absolute } from "../../../base/paths.ts";

/** What the file of `--params` says. It is read once: it may be a pipe, such as that of `--params <(…)`. */
export async function paramsInFile(
  { cwd }: Pick<Context, "cwd">,
  { options: { params: file } }: Parsed<typeof EXPERIMENT_OPTIONS>,
): Promise<JsonObject> {
  return file === undefined ? {} : await readParamsFile(absolute(file, cwd));
}

/**
 * What a command line says of params: the command's own words, then `--params`, then `--param`; the last one wins. None holds what
 * looks like a secret. `inFile`: what `paramsInFile` returns.
 */
export function paramsOf(
  parsed: Parsed<typeof EXPERIMENT_OPTIONS>,
  inFile: JsonObject,
  redactor: Redactor,
): JsonObject {
  const params: JsonObject = parsed.options["arg-params"] ? childParams(redactor.uncounted().words(parsed.rest)) : {};
  mergeParams(params, inFile);
  for (const [name, value] of pairsOf(parsed.options.param)) {
    if (value === undefined || name === "") {
      throw new UsageError(`Cannot use --param "${name}": write it as name=value`);
    }
    setParam(params, name, parseTypedValue(value, name));
  }
  return redactor.object(params);
}
