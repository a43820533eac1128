import { type CommandTable, entry, type Subject } from "../cli/command.ts";

/** Every command by its subject, in the order of the help. */
export const SUBJECTS: readonly Subject[] = [
  {
    title: "record",
    commands: {
      run: entry(() => import("./record/run.ts"), () => import("./record/run_run.ts")),
      log: entry(() => import("./record/log.ts"), () => import("./record/log_run.ts")),
      import: entry(() => import("./interop/import.ts"), () => import("./interop/import_run.ts")),
    },
  },
  {
    title: "look",
    commands: {
      ls: entry(() => import("./look/ls.ts"), () => import("./look/ls_run.ts")),
      show: entry(() => import("./look/show.ts"), () => import("./look/show_run.ts")),
      top: entry(() => import("./look/top.ts"), () => import("./look/top_run.ts")),
      ui: entry(() => import("./look/top/ui.ts"), () => import("./look/top_run.ts")),
      tail: entry(() => import("./look/tail.ts"), () => import("./look/tail_run.ts")),
      query: entry(() => import("./look/query.ts"), () => import("./look/query_run.ts")),
      series: entry(() => import("./look/series.ts"), () => import("./look/series_run.ts")),
      plot: entry(() => import("./look/plot.ts"), () => import("./look/plot_run.ts")),
      diff: entry(() => import("./look/diff.ts"), () => import("./look/diff_run.ts")),
      schema: entry(() => import("./look/schema.ts"), () => import("./look/schema_run.ts")),
    },
  },
  {
    title: "files and code of runs",
    commands: {
      files: entry(() => import("./files/files.ts"), () => import("./files/files_run.ts")),
      cat: entry(() => import("./files/cat.ts"), () => import("./files/cat_run.ts")),
      get: entry(() => import("./files/get.ts"), () => import("./files/get_run.ts")),
      put: entry(() => import("./files/put.ts"), () => import("./files/put_run.ts")),
      checkout: entry(() => import("./files/checkout.ts"), () => import("./files/checkout_run.ts")),
    },
  },
  {
    title: "say something of experiments",
    commands: {
      tag: entry(() => import("./annotate/tag.ts"), () => import("./annotate/tag_run.ts")),
      note: entry(() => import("./annotate/note.ts"), () => import("./annotate/note_run.ts")),
      rename: entry(() => import("./annotate/rename.ts"), () => import("./annotate/rename_run.ts")),
      edit: entry(() => import("./annotate/edit.ts"), () => import("./annotate/edit_run.ts")),
    },
  },
  {
    title: "continuous integration",
    commands: {
      assert: entry(() => import("./ci/assert.ts"), () => import("./ci/assert_run.ts")),
      report: entry(() => import("./ci/report.ts"), () => import("./ci/report_run.ts")),
    },
  },
  {
    title: "synchronise",
    commands: {
      clone: entry(() => import("./sync/clone.ts"), () => import("./sync/clone_run.ts")),
      push: entry(() => import("./sync/push.ts"), () => import("./sync/push_run.ts")),
      pull: entry(() => import("./sync/pull.ts"), () => import("./sync/pull_run.ts")),
      sync: entry(() => import("./sync/sync.ts"), () => import("./sync/sync_run.ts")),
      remote: { describe: () => import("./sync/remote.ts") },
      login: entry(() => import("./sync/login.ts"), () => import("./sync/login_run.ts")),
      logout: entry(() => import("./sync/logout.ts"), () => import("./sync/logout_run.ts")),
    },
  },
  {
    title: "serve",
    commands: {
      serve: entry(() => import("./serve/serve.ts"), () => import("./serve/serve_run.ts")),
      token: { describe: () => import("./serve/token.ts") },
      spool: { describe: () => import("./serve/spool.ts") },
    },
  },
  {
    title: "control runs",
    commands: {
      stop: entry(() => import("./control/stop.ts"), () => import("./control/stop_run.ts")),
      start: entry(() => import("./control/start.ts"), () => import("./control/start_run.ts")),
      queue: { describe: () => import("./control/queue.ts") },
      agent: entry(() => import("./control/agent.ts"), () => import("./control/agent_run.ts")),
    },
  },
  {
    title: "keep a repository",
    commands: {
      init: entry(() => import("./keep/init.ts"), () => import("./keep/init_run.ts")),
      check: entry(() => import("./keep/check.ts"), () => import("./keep/check_run.ts")),
      index: entry(() => import("./keep/index.ts"), () => import("./keep/index_run.ts")),
      rm: entry(() => import("./keep/rm.ts"), () => import("./keep/rm_run.ts")),
      restore: entry(() => import("./keep/restore.ts"), () => import("./keep/restore_run.ts")),
      gc: entry(() => import("./keep/gc.ts"), () => import("./keep/gc_run.ts")),
      purge: entry(() => import("./keep/purge.ts"), () => import("./keep/purge_run.ts")),
      trust: entry(() => import("./keep/trust.ts"), () => import("./keep/trust_run.ts")),
    },
  },
  {
    title: "other tools",
    commands: {
      sdk: entry(() => import("./interop/sdk.ts"), () => import("./interop/sdk_run.ts")),
    },
  },
  {
    title: "dbx itself",
    commands: {
      config: { describe: () => import("./self/config.ts") },
      completions: entry(() => import("./self/completions.ts"), () => import("./self/completions_run.ts")),
      version: entry(() => import("./self/version.ts"), () => import("./self/version_run.ts")),
    },
  },
];

/** Every command by its name. */
export const commands: CommandTable = Object.assign({}, ...SUBJECTS.map((subject) => subject.commands));
