import { UsageError } from "../../base/errors.ts";

/** A word of a command line that names files: `3f9a:model.pt`, `3f9a/7kq2:ckpt/*.pt`, or `3f9a` for all. */
export interface FileWord {
  /** The beginning of the id of an experiment or run, or `experiment/run`. */
  readonly id: string;
  /** A name or glob; undefined: all files. */
  readonly name: string | undefined;
}

/** Reads a word that names files. */
export function fileWord(word: string): FileWord {
  const at = word.indexOf(":");
  const [id, name] = at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
  if (id === "" || name === "") {
    throw new UsageError(
      `Cannot read "${word}" as a file: write the id of an experiment or run, a colon and the file's name, such as 3f9a:model.pt`,
    );
  }
  return { id, name };
}

/** Whether a name is a glob. */
export function isGlob(name: string): boolean {
  return /[*?]/.test(name);
}
