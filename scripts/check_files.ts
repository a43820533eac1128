// Fails where a file is touched outside of `lib/fs`: only there no symbolic link below a repository is followed. The
// exceptions touch no path below a repository, or only one that a person named.

/** The functions of the runtime that take a path, and what leads to the same in other ways. */
const PATTERNS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\bDeno\s*\.\s*(open|create|mkdir|readDir|readFile|readTextFile|writeFile|writeTextFile|rename|remove|stat|lstat|utime|truncate|link|symlink|readLink|realPath|chmod|chown|copyFile|makeTempDir|makeTempFile|watchFs)(Sync)?\b/,
    "touches files by way of the runtime",
  ],
  [/\bDeno\s*\[/, "reaches for the runtime by a computed name"],
  [/["'](?:node:)?fs(?:\/promises)?["']/, "touches files by way of node:fs"],
  [/\b(placeSync|removeSync|syncFolder)\b/, "moves or removes a path that nobody looked at"],
];

/** Files that may, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  "lib/client/location/confirmed_remotes.ts": "only resolves the path of a repository, to know it by any of its names",
  "lib/client/location/user_folder.ts": "the folder of the user's configuration",
  "lib/cli/launch/new_folders.ts": "makes the folders above a repository, and the repository itself",
  "lib/cli/output_file.ts": "--output: a file that the user named",
  "lib/cli/launch/real_paths.ts": "only resolves what the user named, before any permission is given",
  "lib/interop/files/source_files.ts":
    "dbx import: files that the user named, and those below folders that the user named",
  "lib/interop/files/bundled_files.ts": "dbx import: what a folder holds that is imported; a link only within it",
  "lib/interop/files/folder_entries.ts": "dbx import: folders that the user named",
  "lib/interop/files/whole_lines.ts": "dbx import: files below what the user named",
  "lib/interop/files/database_copy.ts": "dbx import: copies a database that the user named",
  "lib/interop/files/random_access.ts": "dbx import: a file below what the user named",
  "lib/interop/engine/scratch.ts": "dbx import: folders of its own in .dbx/import",
  "lib/commands/files/send_file.ts": "dbx put: a file that the user named",
  "lib/commands/record/files/file_watch.ts":
    "$DBX_FILES and --keep: looks at the folders of a command's own files, and follows no link there",
  "lib/commands/ci/named_files.ts":
    "--baseline, --junit and the like, and the summary of a job: files that the user named",
  "lib/commands/record/params/params_file.ts": "--params: a file that the user named",
  "lib/commands/record/child/python_hook.ts": "the user's cache folder, which it proves to be the user's own",
  "lib/commands/record/child/start.ts": "reads the first bytes of the program that the user named",
  "lib/client/location/tokens.ts": "--token-file: a file that the user named",
  "lib/commands/serve/serve_run.ts": "--tls-cert, --tls-key, --token-file, --unix: files that the user named",
  "lib/live/folder_changes.ts":
    "watches the folders of a repository: the system does not follow links there, and tells names only",
  "lib/logger/run_logger.ts": "file(), refFile(): files that the program named, which are kept as they are",
  "lib/server/listen/backend.ts":
    "a folder for temporary files, which it makes, and looks at to see that it is still that one",
  "lib/server/http/hidden_paths.ts": "only resolves the paths of repositories, to take them out of messages",
  "lib/server/http/response_cache.ts": "looks at times and sizes of files, and tells nobody of them",
  "lib/server/access/token_file.ts": "--tokens: a file that the user named; one in a repository goes through lib/fs",
  "lib/client/http/http_transport.ts": "DBX_CA_FILE: a file that the user named",
};

const root = decodeURIComponent(new URL("..", import.meta.url).pathname);
const errors: string[] = [];
const used = new Set<string>();

/** The code without its comments, line by line. */
function codeOf(source: string): string[] {
  const blank = (text: string) => text.replace(/[^\n]/g, " ");
  return source.replace(/\/\*[\s\S]*?\*\//g, blank).split("\n").map((line) => line.replace(/^\s*\/\/.*$/, ""));
}

function check(path: string): void {
  codeOf(Deno.readTextFileSync(root + path)).forEach((line, at) => {
    for (const [pattern, what] of PATTERNS) {
      if (!pattern.test(line)) continue;
      if (Object.hasOwn(ALLOWED, path)) used.add(path);
      else errors.push(`${path}:${at + 1}: ${what}; lib/fs has what does the same and follows no link`);
    }
  });
}

function walk(folder: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(root + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) path !== "lib/fs" && walk(path);
    else if (path.endsWith(".ts")) check(path);
  }
}

walk("lib");
check("cli.ts");
check("mod.ts");
for (const path of Object.keys(ALLOWED)) {
  if (!used.has(path)) errors.push(`${path}: is an exception, and needs to be none`);
}
for (const error of errors) console.error(error);
if (errors.length > 0) Deno.exit(1);
console.log(`files: nothing outside of lib/fs touches a path below a repository, ${used.size} exceptions`);
