import type { AnyRepository } from "../../../../client/location/open_repository.ts";
import type { Context } from "../../../../cli/command.ts";
import { openLive } from "../../../../cli/repository/live_repository.ts";
import { outputsOf } from "../../../../terminal/output.ts";

/** A repository that is looked at. */
export interface TopSource {
  /** As it was named on the command line. */
  readonly name: string;
  readonly repository: AnyRepository;
}

/** Opens the repositories of a command line. `notice`: gets what would be said on stderr, where the screen is. */
export async function openSources(context: Context, notice: (line: string) => void): Promise<TopSource[]> {
  const decoder = new TextDecoder();
  const sink = {
    isTerminal: false,
    columns: 80,
    colour: false,
    write: (bytes: Uint8Array) => notice(decoder.decode(bytes).trim()),
  };
  const { stderr } = outputsOf(sink, sink);
  return await Promise.all(context.repos.map(async (name) => {
    return { name, repository: await openLive({ ...context, stderr, repo: name }) };
  }));
}
