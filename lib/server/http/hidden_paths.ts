/** A folder of this machine, and what clients know it as. */
export interface HiddenPath {
  readonly path: string;
  readonly name: string;
}

/** Removes the paths of this machine from messages to clients. */
export class HiddenPaths {
  readonly #paths: readonly HiddenPath[];

  /** `paths`: absolute. */
  constructor(paths: readonly HiddenPath[]) {
    const real = paths.flatMap(({ path, name }) => {
      try {
        return [{ path: Deno.realPathSync(path), name }];
      } catch {
        return []; // It is not there yet.
      }
    });
    // The longest first: one may lie in another.
    this.#paths = [...paths, ...real].filter(({ path }) => path.length > 1).sort((a, b) =>
      b.path.length - a.path.length
    );
  }

  /** The text without them. */
  readonly hide = (text: string): string => {
    for (const { path, name } of this.#paths) if (text.includes(path)) text = text.replaceAll(path, name);
    // What the operating system adds: "No such file or directory (os error 2): open '/srv/x'".
    return text.replace(/(\(os error \d+\))(?::? \w+)? '\/[^']*'( -> '\/[^']*')?/g, "$1");
  };
}
