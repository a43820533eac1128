// Names of files come from whoever packed an archive. To complete one on the command line must not make the shell run it.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const isUnix = Deno.build.os !== "windows";
const hasBash = isUnix && await new Deno.Command("bash", { args: ["-c", "exit 0"] }).output()
  .then(({ success }) => success, () => false);

/** Names of folders, each of which makes a file `sprung` where a shell takes it for more than a name. */
const NAMES = [
  "$(touch sprung)",
  "$(>sprung)",
  "`>sprung`",
  "a;>sprung",
  "`touch sprung`",
  "a;touch sprung;",
  "a\ntouch sprung\n",
  "a' ;touch sprung; '",
  'a" ;touch sprung; "',
  "--help;touch sprung",
  "*",
  "a b",
];

Deno.test({
  name: "completion: in bash, a folder of any name is completed as a name, and never run",
  ignore: !hasBash,
  async fn() {
    await using folder = await scratch();
    const script = `${folder.path}/completion.bash`;
    const { stdout, code } = await dbx(["completions", "bash"]);
    assertEquals(code, 0);
    // The program itself only says what it was given.
    await Deno.writeTextFile(script, `${stdout}\ndbx() { printf '<%s>' "$@" >> ../given; echo >> ../given; }\n`);
    for (const [at, name] of NAMES.entries()) {
      const cwd = `${folder.path}/${at}`;
      await Deno.mkdir(`${cwd}/${name}`, { recursive: true });
      // An interactive shell completes where stdin has a tab.
      const shell = new Deno.Command("bash", {
        args: ["--norc", "--noprofile", "-i"],
        cwd,
        env: { PS1: "$ ", TERM: "dumb", HISTFILE: "/dev/null", INPUTRC: "/dev/null" },
        stdin: "piped",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const writer = shell.stdin.getWriter();
      const lines = ["--repo", "-R"].map((option) => `dbx ls ${option} \t\n`).join("");
      await writer.write(new TextEncoder().encode(`. ../completion.bash\n${lines}exit\n`));
      await writer.close();
      await shell.status;
      const names = Array.from(Deno.readDirSync(cwd), (entry) => entry.name);
      assertEquals(names, [name], `"${name}" was run`);
    }
    const given = await Deno.readTextFile(`${folder.path}/given`);
    assert(given.includes("<--repo><$(touch sprung)/>"), given);
    assert(given.includes("<-R><a b/>"), given);
  },
});
