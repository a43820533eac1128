// What others wrote reaches a terminal only escaped: a repository in which every text is an attack, and each command over it.
import { printable } from "../../lib/base/printable.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";
import { serve } from "../server/world.ts";
import { EXP, hostileRepository, OLD, RUN, START } from "./hostile_repository.ts";
import { ATTACKS, hostileText, whatCameThrough } from "./hostile_texts.ts";
import { hostileServer } from "./hostile_server.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { record } from "../terminal/record.ts";
import { terminalTest } from "../terminal/tools.ts";
import { onTerminal } from "./on_terminal.ts";

/** A port on which nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

/** Whether somebody listens on a port by now. */
async function isOpen(port: number): Promise<boolean> {
  try {
    using _ = await Deno.connect({ port, hostname: "127.0.0.1" });
    return true;
  } catch {
    return false;
  }
}

/** Command lines that read a repository. `b`: another one. */
function everything(b: string): string[][] {
  const formats = ["table", "csv", "tsv", "json", "jsonl", "markdown"];
  const tables = ["experiments", "runs", "points", "events", "metrics", "files", "notes", "logs"];
  return [
    ["ls"],
    ["ls", "--all", "--json"],
    ["ls", "--cols", "id,name,kind,params,tags,note,cmd,hostname,git,status,lost_events"],
    ["ls", "--where", "kind like '%'", "--sort", "kind"],
    ...[EXP, RUN, OLD, "0hostile0exp2", "0hostile0bad1"].flatMap((id) => [["show", id], ["show", id, "--json"]]),
    ["files"],
    ["files", EXP, "--versions", "--code"],
    ["files", `${RUN}:*`, "--json"],
    ["cat", `${EXP}:*`],
    ["cat", `${EXP}:nothing`],
    ["get", EXP, "-o", `${b}-files`],
    ["get", `${RUN}:*`, "-o", `${b}-files`, "--force", "--json"],
    ["put", RUN, "nothing"],
    ["show", EXP, "--plot", "*"],
    ["show", RUN, "--plot", "nothing", "--lines", "50"],
    ["tail", RUN, "--lines", "100"],
    ["tail", RUN, "--jsonl"],
    ["tail", RUN, "--stdout"],
    ["tail", RUN, "--log", "printed"],
    ["tail", RUN, "--log", "no-such-log"],
    ["tail", RUN, "--log", "dbx"],
    ["tail", OLD],
    ...tables.map((table) => ["query", `SELECT * FROM ${table}`]),
    ...formats.map((format) => ["query", "SELECT * FROM events", "--format", format]),
    ["query", "SELECT name, kind, params FROM experiments", "--format", "csv", "--safe"],
    ["query", "SELECT key, count(*) FROM points GROUP BY key ORDER BY key", "--explain"],
    ["query", "SELECT * FROM nothing"],
    ["query", "SELECT params.nothing FROM experiments"],
    ["query", "SELECT json_extract(data, 'x') FROM events"],
    ["diff", EXP, "0hostile0exp2", "--all", "--patch"],
    ["diff", EXP, "0hostile0exp2", "--all", "--json"],
    ["assert", "name = 'x'", "kind = 'x'", "params.lr > 0", "tags = 'x'", "last:loss < 0"],
    ["assert", "name = 'x'", "kind = 'x'", "--baseline", "\x1b[31m"],
    ["report", "kind like '%'", EXP],
    ["series", "*"],
    ["series", "*", "--format", "csv"],
    ["series", "*", "--plot"],
    ["series", "nothing"],
    ["series", "*", "--group-by", "kind,name", "--plot"],
    ["plot", "*"],
    ["plot", "*", EXP, "--log-y", "--draw", "blocks"],
    ["plot", "*", "--group-by", "kind,name", "--draw", "ascii"],
    ["plot", "*", "--json"],
    ["schema"],
    ["schema", "--json"],
    ["check"],
    ["check", "--json"],
    ["check", "--read-data"],
    ["index"],
    ["index", "--verify"],
    ["gc", "--dry-run"],
    ["gc", "--dry-run", "--json", "--force"],
    ["queue", "ls", "--all"],
    ["queue", "ls", "--all", "--json"],
    ["queue", "rm", START],
    ["queue", "rm", "0"],
    ["remote", "ls"],
    ["remote", "ls", "--json"],
    ["remote", "rm", "x"],
    ["token", "ls"],
    ["token", "ls", "--json"],
    ["token", "rm", "x"],
    ["agent", "--once", "--allow", "python nothing"],
    ["agent", "--once", "--jsonl", "--allow", "python nothing"],
    ["start", EXP],
    ["stop", RUN],
    ["sync", b, "--dry-run", "--create"],
    ["push", b, "--create"],
    ["pull", b],
    ["push"],
    ["push", "x"],
    ["rm", EXP],
    ["rm", "0"],
    ["restore", EXP],
    ["restore", OLD],
    ["rm", "--purge", "--dry-run", EXP],
    ["rm", "--purge", "--dry-run", "--json", RUN],
    ["purge", "--secret", "--dry-run"],
    ["purge", "--secret", "--dry-run", "--redact", "[a-z]+"],
    ["purge", "--secret", "--dry-run", "--json", "--redact", "[a-z]+"],
    ["gc", "--older-than", "0s"],
    ["check", "--repair-marker"],
  ];
}

/** Runs command lines over a hostile repository, each of which must let nothing through. Returns what they showed. */
async function attack(
  evil: (place: string) => string,
  what: string,
  lines: (other: string) => readonly string[][] = everything,
): Promise<string> {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await hostileRepository(repo, evil);
  const env = { HOME: folder.path, XDG_CACHE_HOME: `${folder.path}/cache`, DBX_SPOOL: `${folder.path}/spool` };
  let all = "";
  for (const words of lines(`${folder.path}/b`)) {
    const { code, text } = await onTerminal(words, { repo, cwd: folder.path, env });
    const where = `${what}: dbx ${words.join(" ")}`;
    assert(code !== 70 && !text.includes("this is a bug"), `${where}: ${text}`);
    const wrong = whatCameThrough(text);
    assertEquals(wrong, undefined, `${where}: ${wrong}`);
    all += text;
  }
  return all;
}

Deno.test("terminal: a hostile repository moves, hides and forges nothing, by no command [slow]", async () => {
  const all = Object.values(ATTACKS).join("");
  const shown = await attack(() => all, "all attacks");
  // It is all there to be seen.
  for (const text of Object.values(ATTACKS)) assert(shown.includes(printable(text)), JSON.stringify(text));
});

for (const [name, text] of Object.entries(ATTACKS)) {
  Deno.test(`terminal: ${name}: not by what a repository holds`, async () => {
    const few =
      () => [["ls"], ["show", EXP], ["tail", RUN, "--stdout"], ["query", "SELECT * FROM notes", "--format", "csv"], [
        "check",
      ]];
    const shown = await attack(() => text, name, few);
    assert(shown.includes(printable(text)), JSON.stringify(shown));
  });
}

Deno.test("terminal: random texts in a hostile repository [slow]", async () => {
  const seed = testSeed();
  for (let round = 0; round < 4; round++) {
    const random = new Random(seed + round);
    await attack(() => hostileText(random), `DBX_TEST_SEED=${seed + round}`);
  }
});

/** Command lines that ask a server. `b`: a folder. */
function remotely(b: string): string[][] {
  return [
    ["ls"],
    ["ls", "--json"],
    ["ls", "--cols", "id,name,kind,params,tags,note,cmd,git"],
    ["show", EXP],
    ["show", "0"],
    ["show", OLD, "--json"],
    ["show", EXP, "--plot", "*"],
    ["tail", RUN],
    ["tail", RUN, "--stdout"],
    ["tail", RUN, "--log", "nothing"],
    ["query", "SELECT * FROM experiments"],
    ["query", "SELECT * FROM events", "--format", "csv"],
    ["query", "SELECT * FROM events", "--format", "jsonl"],
    ["query", "SELECT * FROM notes", "--explain"],
    ["query", "SELECT * FROM nothing"],
    ["series", "*"],
    ["series", "*", "--plot"],
    ["schema"],
    ["schema", "--json"],
    ["check"],
    ["queue", "ls", "--all"],
    ["queue", "rm", START],
    ["start", EXP],
    ["stop", RUN],
    ["rm", EXP],
    ["restore", EXP],
    ["agent", "--once", "--allow", "python nothing"],
  ].map((words) => [...words]).concat([["clone", "URL", `${b}1`, "--dry-run"], [
    "sync",
    "URL",
    `${b}2`,
    "--create",
    "--dry-run",
  ]]);
}

Deno.test("terminal: a hostile server moves, hides and forges nothing, by no command [slow]", async () => {
  const seed = testSeed();
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await hostileRepository(path, () => "plain");
  await using honest = await serve({ path });
  const env = { HOME: folder.path, XDG_CACHE_HOME: `${folder.path}/cache`, DBX_SPOOL: `${folder.path}/spool` };
  const random = new Random(seed);
  const all = Object.values(ATTACKS).join("");
  const evil = () => random.below(3) === 0 ? all : hostileText(random);
  await using server = hostileServer(honest.url, { random: () => random.next(), evil });
  let shown = "";
  for (let round = 0; round < 2; round++) {
    for (const words of remotely(`${folder.path}/b`)) {
      const line = words.map((word) => word === "URL" ? server.url : word);
      const { text } = await onTerminal(line, { repo: server.url, cwd: folder.path, env, milliseconds: 500 });
      assert(!text.includes("this is a bug"), `DBX_TEST_SEED=${seed}: dbx ${line.join(" ")}: ${text}`);
      const wrong = whatCameThrough(text);
      assertEquals(wrong, undefined, `DBX_TEST_SEED=${seed}: dbx ${line.join(" ")}: ${wrong}`);
      shown += text;
    }
  }
  assert(shown.includes("\\x1b"), `DBX_TEST_SEED=${seed}`);
});

/** Says something to a server byte by byte, and waits for its answer. */
async function say(port: number, head: string): Promise<void> {
  using connection = await Deno.connect({ port });
  await connection.write(Uint8Array.from(head, (character) => character.charCodeAt(0)));
  await connection.read(new Uint8Array(1000));
}

terminalTest("terminal: what clients send does not reach the terminal of dbx serve", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const port = freePort();
  const env = await dbxOnPath(cwd);
  const command =
    `dbx serve --create -R r --listen 127.0.0.1:${port} & while [ ! -e done ]; do sleep 0.05; done; kill $!; wait`;
  const serving = record(command, { cwd, env });
  for (let turn = 0; turn < 600 && !await isOpen(port); turn++) await new Promise((resolve) => setTimeout(resolve, 50));
  const attacks = [
    "\x1b]0;pwned\x07",
    "\x9b2J",
    "%1b]0;pwned%07%9b",
    "%0aFORGED",
    "%c2%9b2J%e2%80%ae",
    "a%0d%0aFORGED",
  ];
  for (const evil of attacks) {
    for (const method of ["GET", "POST", "BR\x1b[2JEW"]) {
      const headers = `Host: 127.0.0.1\r\nCookie: a=${evil}\r\nUser-Agent: ${evil}\r\nConnection: close\r\n`;
      await say(port, `${method} /api/v1/${evil}?a=${evil} HTTP/1.1\r\n${headers}\r\n`).catch(() => {});
    }
  }
  await Deno.writeTextFile(`${cwd}/done`, "");
  const { bytes } = await serving;
  assert(bytes.includes("/api/v1/"), bytes);
  assertEquals(whatCameThrough(bytes), undefined, bytes);
});

terminalTest(
  "terminal: a hostile repository on a real terminal, and a far side that writes to stderr [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    await hostileRepository(`${folder.path}/r`, () => Object.values(ATTACKS).join(""));
    const ssh = `${folder.path}/bin/far`;
    await Deno.writeTextFile(ssh, "#!/bin/sh\ncat \"$HOSTILE\" >&2\nprintf 'no protocol'\n", { mode: 0o755 });
    await Deno.writeTextFile(`${folder.path}/hostile`, Object.values(ATTACKS).join("").toWellFormed());
    const lines = [
      "dbx ls -R r",
      `dbx show -R r ${EXP} --plot '*'`,
      `dbx tail -R r ${RUN} --stdout`,
      "dbx query -R r 'SELECT * FROM events' --format csv",
      "dbx schema -R r",
      "dbx check -R r",
      'dbx show -R r "$(cat hostile)"',
      'dbx "$(cat hostile)"',
      'dbx ls --"$(cat hostile)"',
      'dbx run -R r -- "$(cat hostile)"',
      "dbx clone host:x c",
    ];
    const hostile = { ...env, HOSTILE: `${folder.path}/hostile`, DBX_SSH: ssh };
    const { bytes } = await record(lines.join("; "), { cwd: folder.path, env: hostile, columns: 200 });
    assertEquals(whatCameThrough(bytes), undefined, bytes);
    assert(bytes.includes("\\x1b]0;pwned\\x07"), bytes);
    assert(bytes.includes("\x1b[31mfailed"), "our own colours are there");
  },
);

terminalTest("terminal: dbx run leaves the terminal to the command", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  const { bytes } = await record(
    "dbx run --quiet --no-git -- printf '\\033]0;mine\\007\\033[5mblink\\n'; dbx tail --stdout",
    {
      cwd: folder.path,
      env,
    },
  );
  assertEquals(bytes.replaceAll("\r\n", "\n"), "\x1b]0;mine\x07\x1b[5mblink\nblink\n");
});

Deno.test("terminal: in a pipe, data stay what they are, and JSON keeps its value", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  const evil = '=1+1\x1b]0;x\x07\u202e\u009b "q",\n';
  await hostileRepository(repo, () => evil);
  const env = { HOME: folder.path, XDG_CACHE_HOME: `${folder.path}/cache` };
  const place = { repo, cwd: folder.path, env, isTerminal: false };
  const ask = async (...words: string[]) => {
    const { text } = await onTerminal(words, place);
    return text.replace(/^(dbx: .*\n)*/, "");
  };
  const sql = `SELECT kind FROM experiments WHERE exp = '${EXP}'`;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  assertEquals(await ask("query", sql, "--format", "csv"), `kind\n${quoted(evil)}\n`);
  assertEquals(await ask("query", sql, "--format", "csv", "--safe"), `kind\n${quoted("'" + evil)}\n`);
  assertEquals(await ask("tail", RUN, "--stdout", "--lines", "1"), evil + "\n");
  for (const words of [["query", sql, "--json"], ["show", EXP, "--json"], ["ls", "--json"]]) {
    const text = await ask(...words);
    assertEquals(whatCameThrough(text), undefined);
    const json = JSON.parse(text);
    assertEquals((Array.isArray(json) ? json.find(({ kind }) => kind !== "") : json).kind, evil);
  }
  // What is for people is escaped there too: it may come to a terminal by way of head or tail.
  for (const words of [["ls"], ["show", EXP], ["query", sql], ["check"]]) {
    assertEquals(whatCameThrough(await ask(...words)), undefined);
  }
});
