/** What names of code and of its settings end with. */
const CODE_ENDING = new RegExp(
  `\\.(?:${
    [
      "py|pyw|pyi|pyx|pxd|ipynb|toml|cfg|ini|ya?ml|json5?|jsonc|gin|properties|env\\.example",
      "sh|bash|zsh|fish|ksh|awk|sed|ps1|bat|mk|cmake|gradle|nix|bzl|dockerfile|sbatch|slurm|pbs",
      "c|cc|cpp|cxx|h|hh|hpp|cu|cuh|cl|f|f90|rs|go|java|kt|kts|scala|clj|swift|zig|d|nim|asm|s|S|ptx",
      "ts|tsx|mts|cts|js|jsx|mjs|cjs|vue|svelte|html|css|scss|sql|graphql|proto|fbs|thrift",
      "r|R|Rmd|jl|lua|pl|pm|rb|php|m|ml|mli|hs|ex|exs|erl|lisp|scm|el|tex|md|rst",
      "patch|diff|j2|jinja|jinja2|tf|ninja|snakefile|smk|nf",
    ].join("|")
  })$`,
);

/** Names of code without an ending. */
const CODE_NAME =
  /^(?:Makefile|GNUmakefile|makefile|Dockerfile.*|Containerfile|Snakefile|Justfile|justfile|Procfile|Pipfile|Jenkinsfile|SConstruct|CMakeLists\.txt|BUILD|WORKSPACE|(?:dev-|test-)?requirements.*\.(?:txt|in)|constraints.*\.txt|environment.*\.ya?ml)$/;

/** Folders of what was installed or made, not written. */
const MADE_FOLDER =
  /^(?:node_modules|__pycache__|site-packages|venv|env|virtualenv|build|dist|target|wandb|mlruns|lightning_logs|tb_logs|outputs|checkpoints|ckpts?)$/;

/**
 * Whether a file is code by its name: `path` is relative, with `/`. What stands in a hidden folder, or in one that programs fill, is
 * not; nor are locks, which are long and follow from other files.
 */
export function isCode(path: string): boolean {
  const segments = path.split("/");
  const name = segments.pop()!;
  if (segments.some((folder) => folder.startsWith(".") || MADE_FOLDER.test(folder))) return false;
  return !name.startsWith(".") && !/(?:^|[-.])lock(?:\.json|\.yaml)?$/.test(name) &&
    (CODE_ENDING.test(name) || CODE_NAME.test(name));
}

/** Whether a folder may hold code: see {@linkcode isCode}. */
export function mayHoldCode(folder: string): boolean {
  return !folder.startsWith(".") && !MADE_FOLDER.test(folder);
}
