import { NotFoundError, UsageError } from "../../base/errors.ts";
import type { Context } from "../../cli/command.ts";
import { fileWord } from "./file_word.ts";
import { findFiles } from "./find_files.ts";
import { type FoundFile, isCode, oneOfEachName } from "./found_file.ts";

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
    const all = await findFiles(context, wanted);
    const found = wanted.name === undefined ? all.filter((file) => !isCode(file)) : all;
    // Of several files, those are meant that are there.
    const isOne = wanted.name !== undefined && found.every(({ name }) => name === wanted.name);
    const isMeant = ({ kept }: FoundFile) => isOne || version !== undefined || kept;
    const files = oneOfEachName(found, version).filter(isMeant);
    if (version !== undefined && files.length === 0 && found.length > 0) {
      throw new NotFoundError(
        `Cannot find version ${version} of "${word}": dbx files ${word} --versions lists what there is`,
      );
    }
    if (files.length === 0) {
      throw new NotFoundError(`Cannot find files of "${word}": dbx files ${word} --versions lists what there was`);
    }
    chosen.push(...files);
  }
  return chosen;
}
