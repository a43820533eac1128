// What is wrong with an option by its spec does not compile: `deno check` reads the lines with an expected error.
import { UsageError } from "../../lib/base/errors.ts";
import type { Command, OptionSpec } from "../../lib/cli/command.ts";
import { findCommand } from "../../lib/cli/find_command.ts";
import { parse } from "../../lib/cli/parse.ts";
import { commands } from "../../lib/commands/table.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";

const OPTIONS = [
  { name: "kind", kind: "text", help: "" },
  { name: "who", kind: "text", choices: ["group", "all"], help: "" },
  { name: "tag", kind: "list", help: "" },
  { name: "dry-run", kind: "flag", help: "" },
  { name: "git", kind: "flag", help: "", default: "on" },
  { name: "json", kind: "optional", help: "" },
  { name: "limit", kind: "count", help: "" },
  { name: "seconds", kind: "number", help: "" },
] as const satisfies readonly OptionSpec[];

const command: Command<typeof OPTIONS> = {
  name: "try",
  summary: "",
  usage: "",
  options: OPTIONS,
  positionals: { min: 0, max: 1 },
  permissions: ({ options }) => ({ env: options.tag }),
};

Deno.test("Parsed: the types of options come from their specs", () => {
  const { options } = parse(command, ["--kind", "a", "--who", "all", "--tag", "t", "--json=x", "--limit", "3"]);
  const typed: {
    readonly kind: string | undefined;
    readonly who: "group" | "all" | undefined;
    readonly tag: readonly string[];
    readonly "dry-run": boolean;
    readonly git: boolean;
    readonly json: boolean | string;
    readonly limit: number | undefined;
    readonly seconds: number | undefined;
  } = options;
  const { kind, who, tag, git, json, limit, seconds } = typed;
  assertEquals([kind, who, tag, typed["dry-run"], git, json, limit, seconds], [
    "a",
    "all",
    ["t"],
    false,
    true,
    "x",
    3,
    undefined,
  ]);
  // @ts-expect-error A name with a typo.
  assertEquals(options.knd, undefined);
  // @ts-expect-error A flag is not a text.
  const text: string = options["dry-run"];
  assertEquals(text as unknown, false);
  // @ts-expect-error It is one of its choices.
  assertEquals(options.who === "nobody", false);
});

Deno.test("parse: an option with an optional value stands alone, has one behind =, or is off", () => {
  const json = (...args: string[]) => parse(command, args).options.json;
  assertEquals([json(), json("--json"), json("--json=a,b"), json("--json", "--no-json")], [false, true, "a,b", false]);
  assertEquals(parse(command, ["--json", "word"]).positionals, ["word"]);
});

Deno.test("parse: a count is a whole number from 0", () => {
  assertEquals(parse(command, ["--limit", "0"]).options.limit, 0);
  for (const bad of ["-1", "1.5", "", "many"]) {
    assertThrows(() => parse(command, ["--limit", bad]), UsageError, "must be a whole number, 0 or more");
  }
});

Deno.test("findCommand: subcommands, the default one, and --repo before or between the words", async () => {
  const found = async (...words: string[]) => {
    const { command, path, args } = await findCommand(commands, words);
    return [command.name, path, args];
  };
  assertEquals(await found("ls", "-a"), ["ls", ["ls"], ["-a"]]);
  assertEquals(await found("queue"), ["queue", ["queue", "ls"], []]);
  assertEquals(await found("queue", "--all"), ["queue", ["queue", "ls"], ["--all"]]);
  assertEquals(await found("queue", "add", "--", "x"), ["queue add", ["queue", "add"], ["--", "x"]]);
  assertEquals(await found("remote", "-R", "r", "rm", "x"), ["remote rm", ["remote", "rm"], ["-R", "r", "x"]]);
  assertEquals(await found("queue", "--repo", "r"), ["queue", ["queue", "ls"], ["--repo", "r"]]);
  assertEquals(await found("token", "--help"), ["token", ["token"], ["--help"]]);
  await assertRejects(() => found("token", "ad"), UsageError, 'did you mean "add"?');
  await assertRejects(() => found("tokn"), UsageError, 'did you mean "token"?');
});

Deno.test("parse: options of another subcommand are refused", async () => {
  for (
    const words of [["queue", "ls", "--kind", "k"], ["queue", "rm", "--all", "x"], [
      "token",
      "rm",
      "--role",
      "read",
      "x",
    ]]
  ) {
    const { command, args } = await findCommand(commands, words);
    assertThrows(() => parse(command as Command, args), UsageError, "has no such option");
  }
});
