import { UsageError } from "../base/errors.ts";
import { realPath } from "../fs/access/real_path.ts";

/**
 * Refuses two folders (absolute paths) of which one is the other, or lies inside it, whatever symbolic links lead there: a copy
 * inside its source would become part of it, and be copied again.
 *
 * @throws {UsageError}
 */
export function checkApart(a: string, b: string): void {
  const [first, second] = [realPath(a), realPath(b)];
  if (first === second) {
    throw new UsageError(
      `Cannot synchronise "${a}" with "${b}": they are the same folder; name another repository`,
    );
  }
  for (const [inner, outer, own, other] of [[second, first, b, a], [first, second, a, b]]) {
    if (!inner.startsWith(outer === "/" ? "/" : `${outer}/`)) continue;
    throw new UsageError(
      `Cannot synchronise "${a}" with "${b}": "${own}" lies inside "${other}" and would become part of it; ` +
        `choose a folder beside it`,
    );
  }
}
