// Translates the calls that an executable printed with "this is a bug in dbx" into files and lines of the source.
//
//   deno task stack [MAPS] < REPORT
//
// MAPS are the source maps written beside that very executable (default: dist/dbx.maps.json).
import { SourceMap } from "node:module";

type Maps = Readonly<Record<string, ConstructorParameters<typeof SourceMap>[0]>>;

/** A report with the calls in it translated; other lines, and calls of modules without a map, stay as they are. */
export function translate(report: string, maps: Maps): string {
  const names = Object.keys(maps);
  return report.replaceAll(/\b[a-z]+:\/\/\/?[^\s()]+?:(\d+):(\d+)/g, (place, line, column) => {
    const path = place.slice(0, -`:${line}:${column}`.length);
    const name = names.find((name) => path.endsWith(`/${name}`));
    if (name === undefined) return place;
    const found = new SourceMap(maps[name]).findEntry(Number(line) - 1, Number(column) - 1);
    return "originalSource" in found
      ? `${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`
      : place;
  });
}

if (import.meta.main) {
  const [path = "dist/dbx.maps.json"] = Deno.args;
  const maps = JSON.parse(await Deno.readTextFile(path));
  const report = await new Response(Deno.stdin.readable).text();
  console.log(translate(report, maps).trimEnd());
}
