// Fails where something is printed that did not go through `lib/terminal/output.ts`, where control sequences are made
// elsewhere, and where what passes untouched, or with its line feeds, is used by more than those who need it.

/** A thing that may be written only in some files, and why. */
interface Rule {
  readonly pattern: RegExp;
  readonly what: string;
  readonly allowed: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    pattern: /\bconsole\s*(?:\.|\[)/,
    what: "prints to the console",
    allowed: ["lib/base/warn.ts", "lib/logger/console_logger.ts", "lib/query/sqlite/engine/wasm_database.ts"],
  },
  {
    pattern:
      /\bDeno\s*\.\s*(?:stdout|stderr|openSync\("\/dev\/tty)|\bprocess\s*\.\s*(?:stdout|stderr)|node:(?:process|tty|readline)\b/,
    what: "reaches for stdout or stderr",
    allowed: [
      "lib/terminal/output.ts",
      "lib/server/pool/query_process.ts", // A pipe to the server.
    ],
  },
  {
    pattern: /(?<!stderr\.)\b(?:alert|confirm|prompt)\(/,
    what: "asks by way of the runtime",
    allowed: ["lib/terminal/output.ts"],
  },
  {
    pattern: /\\x1b|\\u001b|\\u\{0*1b\}|\\x9b|\\e\[/i,
    what: "holds a control sequence",
    allowed: [
      "lib/terminal/output.ts",
      "lib/terminal/pictures/kitty.ts",
      "lib/terminal/pictures/sixel.ts",
      "lib/terminal/pictures/terminal_pictures.ts",
      "lib/terminal/screen/sequences.ts",
      "lib/base/printable.ts", // Takes them out.
      "lib/printed/line_splitter.ts", // Takes them out.
    ],
  },
  {
    pattern: /\.passBytes\(/,
    what: "passes bytes on untouched",
    allowed: [
      "lib/commands/record/run_run.ts", // Of the user's own command.
      "lib/printed/capture.ts", // The same.
      "lib/commands/record/log_run.ts", // --tee: its own stdin.
      "lib/commands/files/cat_run.ts", // The bytes of a file, where stdout is not a terminal.
      "lib/commands/serve/serve_run.ts", // --pipe: a protocol.
    ],
  },
  {
    pattern: /\.drawScreen\(/,
    what: "draws on the whole screen",
    allowed: [
      "lib/terminal/screen/screen.ts", // Cells.
      "lib/cli/launch/terminal_guard.ts", // Enters and leaves it.
    ],
  },
  {
    pattern: /\.ownText\(/,
    what: "prints a text with its line feeds",
    allowed: [
      "lib/cli/launch/launch.ts", // Help and permissions.
      "lib/cli/launch/paged_text.ts", // Help.
      "lib/commands/look/query_run.ts", // --explain.
      "lib/commands/interop/sdk_run.ts", // A file of dbx.
      "lib/commands/self/completions_run.ts",
    ],
  },
  {
    pattern: /\.jsonText\(/,
    what: "prints JSON that it made itself",
    allowed: ["lib/terminal/printer.ts", "lib/terminal/print_rows.ts", "lib/terminal/output.ts"],
  },
  {
    pattern: /(?:stdout|stderr|stdin): "inherit"/,
    what: "gives its own terminal to a program",
    allowed: [
      "lib/commands/annotate/editor.ts", // The editor of dbx edit.
      "lib/cli/launch/pager.ts", // What is longer than the screen.
    ],
  },
  {
    pattern: /new Output\(|\bstreamSink\(|\bstandardOutputs\(/,
    what: "makes an output of its own",
    allowed: [
      "lib/terminal/output.ts",
      "lib/terminal/sink.ts",
      "lib/cli/launch/own_outputs.ts",
      "lib/commands/execute.ts",
      "lib/cli/output_file.ts",
      "lib/commands/record/adopt.ts",
    ],
  },
];

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];
let files = 0;

function check(path: string): void {
  files++;
  const lines = Deno.readTextFileSync(root + path).split("\n");
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:\/\/|\/?\*)/.test(line)) continue;
    for (const { pattern, what, allowed } of RULES) {
      if (pattern.test(line) && !allowed.includes(path)) errors.push(`${path}:${at + 1}: ${what}: ${line.trim()}`);
    }
  }
}

function walk(folder: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(root + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      if (path !== "lib/web") walk(path); // For browsers.
    } else if (path.endsWith(".ts")) check(path);
  }
}

walk("lib");
check("cli.ts");
check("mod.ts");
for (const { allowed } of RULES) {
  for (const path of allowed) {
    if (!Deno.statSync(root + path).isFile) errors.push(`${path}: is named here, and is not a file`);
  }
}
for (const error of errors) console.error(error);
if (errors.length > 0) {
  console.error(
    "What a command prints goes through lib/terminal/output.ts, which lets nothing pass that a terminal obeys.",
  );
  Deno.exit(1);
}
console.log(`output: ${files} modules print through lib/terminal/output.ts alone`);
