import { NotFoundError, UsageError } from "../../base/errors.ts";
import type { Context } from "../../cli/command.ts";
import { fileWord } from "./file_word.ts";
import { findFiles } from "./find_files.ts";
import { type FoundFile, oneOfEachName } from "./found_file.ts";

/** The files that words name: of each name one. `needsName`: whether an id alone is refused. */
export async function chosenFiles(
  context: Context,
  words: readonly string[],
  version: number | undefined,
  needsName: boolean,
): Promise<FoundFile[]> {
  const chosen: FoundFile[] = [];
  for (const word of words) {
    const wanted = fileWord(word);
    if (needsName && wanted.name === undefined) {
      throw new UsageError(
        `Cannot print "${word}": name a file, such as ${word}:model.pt; dbx files ${word} lists them`,
      );
    }
    const found = await findFiles(context, wanted);
    const files = oneOfEachName(found, version);
    if (version !== undefined && files.length === 0 && found.length > 0) {
      throw new NotFoundError(
        `Cannot find version ${version} of "${word}": dbx files ${word} --versions lists what there is`,
      );
    }
    // All files of something are those that are there.
    chosen.push(...wanted.name === undefined ? files.filter(({ kept }) => kept) : files);
  }
  return chosen;
}
