import { UsageError } from "../../base/errors.ts";
import { type ExitResult, toExitResult } from "./errors.ts";

/** A command that another command wants to be run: a worker of its own does so, with the permissions that it declares. */
export interface OtherCommand {
  /** Its name: one of those that the wanting command declares. */
  readonly name: string;
  /** Its options and positionals, without `--repo`. */
  readonly args: readonly string[];
  /** One of the repositories of the wanting command. */
  readonly repo: string;
}

/** A worker may want commands: each comes through the port, and its end is answered there, in their order. */
export interface OtherCommandPort {
  readonly otherCommands: MessagePort;
}

/** Runs one of the commands that were declared, on one of the repositories of the command line. */
export type RunOther = (wanted: OtherCommand) => Promise<ExitResult>;

/** Runs what has one of these names, on one of these repositories, and refuses all else. */
export function allowed(names: readonly string[], repos: readonly string[], run: RunOther): RunOther {
  return async (wanted) => {
    const { name, repo } = wanted;
    if (names.includes(name) && repos.includes(repo)) return await run(wanted);
    throw new UsageError(`Cannot run dbx ${name} on ${repo} from here`);
  };
}

/** Has what comes through a port run, one after the other. */
export function serveOtherCommands(port: MessagePort, run: RunOther): void {
  let last = Promise.resolve();
  port.onmessage = ({ data }: MessageEvent<OtherCommand>) => {
    last = last.then(() => run(data).catch(toExitResult)).then((ending) => port.postMessage(ending));
  };
}
