import { childParams } from "../../lib/commands/record/params/child_params.ts";
import { LineSplitter } from "../../lib/printed/line_splitter.ts";
import { redactDiff } from "../../lib/redact/diff.ts";
import { environmentChoice, keptEnvironment } from "../../lib/redact/environment.ts";
import { describeRedacted, Redactor } from "../../lib/redact/redactor.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../assert.ts";
import { COMMANDS, LINES, VARIABLES } from "./harmless.ts";
import { COMMANDS as WITH_SECRETS, PRINTED, SECRETS } from "./secrets.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

const none = { permissions: "none" } as const;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("the tables: long enough, each secret another one that stands where it should", none, () => {
  assert(SECRETS.length >= 70);
  assert(LINES.length + COMMANDS.length + Object.keys(VARIABLES).length >= 60);
  assertEquals(new Set(SECRETS.map(({ secret }) => secret)).size, SECRETS.length);
  for (const { name, secret, line, words, env } of SECRETS) {
    assert(secret.length >= 5 && line.includes(secret) && words.some((word) => word.includes(secret)), name);
    assert(env === undefined || env[1].includes(secret), name);
  }
});

Deno.test(
  "Redactor: no secret of the table stays in a line, a command, params, a variable, JSON or a diff",
  none,
  () => {
    for (const { name, secret, line, words, env } of SECRETS) {
      const redactor = new Redactor();
      const gone = (what: string, text: string) => assert(!text.includes(secret), `${name} in ${what}: ${text}`);
      gone("a line", redactor.text(line));
      const json = redactor.text(JSON.stringify({ event: "x", text: `one\n${line}` }));
      gone("a line of JSON", json);
      assertEquals(JSON.parse(json).event, "x", json);
      gone("a command", redactor.words(words).join(" "));
      assertEquals(redactor.words(words).length, words.length);
      gone("params", JSON.stringify(redactor.object(childParams(redactor.words(words)))));
      gone(
        "a diff",
        new TextDecoder().decode(redactDiff(bytesOf(`--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+${line}\n`), redactor)),
      );
      if (env !== undefined) {
        gone("a variable", JSON.stringify(keptEnvironment({ [env[0]]: env[1] }, "all", redactor)));
        gone("an object", JSON.stringify(redactor.object({ a: { [env[0].toLowerCase()]: env[1] } })));
      }
      assert(Object.values(redactor.counts).reduce((a, b) => a + b, 0) >= 4, name);
      assert(!JSON.stringify(redactor.counts).includes(secret), name);
      // What is redacted stays as it is when it is redacted again.
      assertEquals(new Redactor().text(redactor.text(line)), redactor.text(line), name);
    }
  },
);

Deno.test("Redactor: further lines and commands", none, () => {
  const redactor = new Redactor();
  for (const [line, secret] of PRINTED) {
    assert(line.includes(secret), line);
    assert(!redactor.text(line).includes(secret), line);
    // In a diff, and as a text in JSON.
    assert(!redactor.text(`+    ${line}`).includes(secret), line);
    assert(!redactor.text(JSON.stringify({ text: `x\n${line}` })).includes(JSON.stringify(secret).slice(1, -1)), line);
  }
  for (const [words, secret] of WITH_SECRETS) {
    assert(words.join(" ").includes(secret), words.join(" "));
    assert(!redactor.words(words).join(" ").includes(secret), words.join(" "));
  }
});

Deno.test("Redactor: what is harmless stays as it is", none, () => {
  const redactor = new Redactor();
  for (const line of LINES) assertEquals(redactor.text(line), line);
  for (const words of COMMANDS) {
    assertEquals(redactor.words(words), [...words]);
    assertEquals(redactor.object(childParams(words)), childParams(words));
  }
  assertEquals(keptEnvironment(VARIABLES, "all", redactor), VARIABLES);
  const diff = bytesOf(LINES.map((line) => `+${line}\n`).join(""));
  assertEquals(redactDiff(diff, redactor), diff);
  assertEquals(redactor.counts, {});
});

Deno.test("Redactor: a value that begins with a hyphen is one, and an option is none", none, () => {
  const redactor = new Redactor();
  for (
    const [words, expected] of [
      [["x", "--password", "-dashy"], ["x", "--password", "[redacted:name]"]],
      [["x", "--password=-dashy"], ["x", "--password=[redacted:name]"]],
      [["x", "--password", "--Da5hy!word"], ["x", "--password", "[redacted:name]"]],
      [["x", "--api-key", "-k3yWith-hyphens"], ["x", "--api-key", "[redacted:name]"]],
      [["x", "PASSWORD=-dashy", "y"], ["x", "PASSWORD=[redacted:name]", "y"]],
      [["x", "--password", "--lr", "0.1"], ["x", "--password", "--lr", "0.1"]],
      [["x", "--password", "-v", "-n", "3"], ["x", "--password", "-v", "-n", "3"]],
      [["x", "--tokens", "-epochs", "3"], ["x", "--tokens", "-epochs", "3"]],
    ]
  ) assertEquals(redactor.words(words), expected);
});

Deno.test("Redactor: the rule's name stands in the place, and the rest stays", none, () => {
  const redactor = new Redactor({ redact: ["internal-\\d+", /room (?<secret>\w+)/i] });
  assertEquals(redactor.text("psql postgres://me:p%40ss@db/x"), "psql postgres://me:[redacted:url-password]@db/x");
  assertEquals(redactor.text('{"password": "a b \\" c", "lr": 0.1}'), '{"password": "[redacted:name]", "lr": 0.1}');
  assertEquals(redactor.text("internal-42 in Room blue"), "[redacted:custom] in Room [redacted:custom]");
  assertEquals(redactor.words(["curl", "-u", "me:pw", "http://x"]), ["curl", "-u", "me:[redacted:option]", "http://x"]);
  assertEquals(
    redactor.words(["sh", "-c", "mysql -phunter2 x"])[2],
    'mysql "-p[redacted:option]" x'.replaceAll('"', ""),
  );
  assertEquals(redactor.remote("https://u:a@b@host/x.git"), "https://host/x.git");
  assertEquals(
    redactor.remote("https://host/x.git?private_token=abcdef12"),
    "https://host/x.git?private_token=[redacted:url-query]",
  );
  assertEquals(redactor.remote("git@host:a/b.git"), "git@host:a/b.git");
  assertEquals(redactor.counts, { custom: 2, name: 1, option: 2, "url-password": 2, "url-query": 1 });
  assertEquals(
    describeRedacted(redactor.counts),
    "8 secrets (custom 2, name 1, option 2, url-password 2, url-query 1)",
  );
  assertEquals(describeRedacted({}), undefined);
  assertThrows(() => new Redactor({ redact: ["("] }), Error, 'Cannot use --redact "("');
  assertThrows(() => new Redactor({ redact: ["x*"] }), Error, "empty string");
});

Deno.test("Redactor: secrets of the environment are known wherever they stand", none, () => {
  const env = {
    HF_TOKEN: "plain-7value",
    DB_PASS: "training",
    PIN: "1234",
    PATH: "/usr/bin",
    SSH_KEY: "k3y\nline2of-it",
  };
  const redactor = new Redactor({ env });
  assertEquals(
    redactor.text("got plain-7value in training 1234 /usr/bin"),
    "got [redacted:known] in training 1234 /usr/bin",
  );
  assertEquals(redactor.uncounted().text("line2of-it"), "[redacted:known]");
  assertEquals(redactor.counts, { known: 1 });
});

Deno.test(
  "keptEnvironment: none, all, a list; the default tells of the machine, the job and the libraries",
  none,
  () => {
    const env = { CUDA_VISIBLE_DEVICES: "0", SLURM_JOB_ID: "1", MY_SETTING: "x", EDITOR: "vi", HF_TOKEN: "abc" };
    const kept = (text?: string) => keptEnvironment(env, environmentChoice(text), new Redactor());
    assertEquals(kept(), { CUDA_VISIBLE_DEVICES: "0", SLURM_JOB_ID: "1" });
    assertEquals(kept("none"), undefined);
    assertEquals(kept("all"), { ...env, HF_TOKEN: "[redacted:name]" });
    assertEquals(kept("allow:MY_*,HF_TOKEN"), { MY_SETTING: "x", HF_TOKEN: "[redacted:name]" });
    assertEquals(kept("allow:default,EDITOR"), { CUDA_VISIBLE_DEVICES: "0", SLURM_JOB_ID: "1", EDITOR: "vi" });
    for (const wrong of ["redacted", "allow:", "allow:a b", ""]) {
      assertThrows(
        () => environmentChoice(wrong),
        Error,
        "--env",
      );
    }
  },
);

Deno.test("LineSplitter: output that is cut anywhere keeps the same lines, and no secret", none, () => {
  const key = [
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    ...Array.from({ length: 4 }, (_, at) => `QyNTUxOQAAACB${at}`.repeat(5)),
    "c2hvcnQ=",
    "-----END OPENSSH PRIVATE KEY-----",
  ];
  const lines = [
    ...SECRETS.map(({ line }) => line),
    ...LINES,
    ...key,
    "after \x1b[1mpass\x1b[0mword=hunter2x",
    "é".repeat(50),
  ];
  const output = bytesOf(lines.join("\n"));
  const expected = split(output, () => output.length);
  for (const [at, { name, secret }] of SECRETS.entries()) assert(!expected[at].includes(secret), name);
  assertEquals(expected.slice(SECRETS.length, SECRETS.length + LINES.length), LINES);
  assert(key.slice(1, -1).every((line) => !expected.join("\n").includes(line)));
  assertMatch(expected.at(-2)!, /^after password=\[redacted:name\]$/);
  for (let round = 0; round < 150; round++) {
    const most = 1 + Math.floor(seeded.next() ** 3 * 3000);
    assertEquals(split(output, () => 1 + Math.floor(seeded.next() * most)), expected);
  }
});

Deno.test("LineSplitter: a cut through a line without an end never goes through a secret", none, () => {
  const secret = SECRETS.find(({ name }) => name === "anthropic")!.secret;
  for (let round = 0; round < 12; round++) {
    // Around the place where the line is cut.
    const before = 1024 * 1024 - Math.floor(seeded.next() * (secret.length + 20));
    const output = bytesOf(`${"x ".repeat(before / 2)} key ${secret} ${"é ".repeat(300_000)}`);
    const lines = split(output, () => 20_000 + Math.floor(seeded.next() * 60_000));
    assert(lines.length > 1);
    const all = lines.join("");
    assertEquals([all.includes("[redacted:anthropic]"), all.includes(secret.slice(-30)), all.includes("\ufffd")], [
      true,
      false,
      false,
    ]);
    assertEquals(all.replace("[redacted:anthropic]", secret), new TextDecoder().decode(output));
  }
});

Deno.test("LineSplitter: what another dbx began to read may have been a key, or half a word", none, () => {
  const body = ["q1Zx".repeat(16), "Ab3d".repeat(16), "9fK+"];
  for (
    const [lines, expected] of [
      [[...body, "-----END PRIVATE KEY-----", "after"], "key key key key after"],
      [["Zx8", ...body, "-----END PRIVATE KEY-----", "after"], "Zx8 key key key key after"],
      [["9Zx8kQ2mPw17b rest", "9Zx8kQ2mPw17b"], "cut rest 9Zx8kQ2mPw17b"],
      [["epoch=3 loss=0.5", "line 2", "done"], "epoch=3 loss=0.5 line 2 done"],
      [["plain", "text", body[0]], `plain text ${body[0]}`],
    ] as const
  ) {
    const splitter = new LineSplitter(new Redactor(), { amid: true });
    const kept = splitter.push(bytesOf(lines.map((line) => line + "\n").join("")));
    assertEquals(kept.join(" ").replaceAll(/\[redacted:(?:private-)?(\w+)\]/g, "$1"), expected);
  }
});

function split(output: Uint8Array, length: () => number): string[] {
  const splitter = new LineSplitter(new Redactor());
  const lines: string[] = [];
  for (let at = 0; at < output.length;) {
    const piece = output.subarray(at, at + length());
    lines.push(...splitter.push(piece));
    at += piece.length;
  }
  return [...lines, ...splitter.end()];
}
