import { mayRead } from "./may_read.ts";

/** The path without symbolic links; of what is not there yet, or may not be seen, the part that is. */
export function realPath(path: string): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (!mayRead(path.slice(0, end))) continue;
    try {
      const real = Deno.realPathSync(path.slice(0, end));
      return (real === "/" ? "" : real) + path.slice(end) || "/";
    } catch {
      // Its parent.
    }
  }
  return path;
}
