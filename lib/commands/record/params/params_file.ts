import { UsageError } from "../../../base/errors.ts";
import { isObject, type JsonObject } from "../../../base/json.ts";
import { tomlReason } from "../../../cli/config/toml_reason.ts";
import { encodeValue } from "../../../format/json/value.ts";
import { isYaml, YAML_VARIABLES } from "./params_permissions.ts";

/** The params in a file: TOML (`.toml`), YAML (`.yaml`, `.yml`), else JSON. Needs what `paramsPermissions` says. */
export async function readParamsFile(path: string): Promise<JsonObject> {
  let params: unknown;
  try {
    params = await parse(await Deno.readTextFile(path), path);
  } catch (error) {
    throw new UsageError(`Cannot read the params in "${path}": ${reasonOf(error)}`);
  }
  if (isObject(params)) return params as JsonObject;
  throw new UsageError(`Cannot read the params in "${path}": it does not contain an object of names and values`);
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.PermissionDenied) return "you have no permission to read it";
  return tomlReason(error).trim().replace(/:$/, "");
}

/** The libraries are loaded only where such a file is read. */
async function parse(text: string, path: string): Promise<unknown> {
  if (path.endsWith(".toml")) {
    const { parse } = await import("smol-toml");
    return encodeValue(parse(text, { integersAsBigInt: "asNeeded" }));
  }
  if (isYaml(path)) {
    for (const name of YAML_VARIABLES) Deno.env.delete(name);
    const { parseYaml } = await import("./yaml_text.ts");
    return encodeValue(parseYaml(text));
  }
  return JSON.parse(text);
}
