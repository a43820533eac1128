// Fails where the list of routes in lib/docs/API.md is not that of the table in lib/protocol/route_table.ts.
// `--write` writes the list.
import { RIGHTS, ROLES } from "../lib/protocol/roles.ts";
import { type Route, ROUTES } from "../lib/protocol/route_table.ts";

const DOCUMENT = "lib/docs/API.md";
const LIST = /(<!-- routes: scripts\/check_routes\.ts --write -->\n)[\s\S]*?(<!-- end of routes -->\n)/;

/** The least role that has the right. */
function roleOf({ right }: Route): string {
  return right === "open" ? "none" : ROLES.find((role) => RIGHTS[role].has(right))!;
}

function rowOf(route: Route): string[] {
  return [`\`${route.method} ${route.path}\``, roleOf(route), route.summary];
}

/** A table of Markdown, as `deno fmt` writes it. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |\n`;
  const [head, ...further] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...further.map(line)].join("");
}

const routes = Object.values(ROUTES);
const sections = [...Map.groupBy(routes, ({ subject }) => subject)].map(([subject, routes]) => {
  const title = subject[0].toUpperCase() + subject.slice(1);
  return tableOf([[title, "Role", "What it does"], ...routes.map(rowOf)]);
});
const path = new URL(`../${DOCUMENT}`, import.meta.url);
const text = Deno.readTextFileSync(path);
if (!LIST.test(text)) throw new Error(`${DOCUMENT}: the marks of the list are missing`);
const wanted = text.replace(LIST, (_, begin, end) => `${begin}\n${sections.join("\n")}\n${end}`);
if (text === wanted) console.log(`routes: the list in ${DOCUMENT} has the ${routes.length} of the table`);
else if (Deno.args.includes("--write")) Deno.writeTextFileSync(path, wanted);
else {
  console.error(`${DOCUMENT}: the list of routes is out of date; run deno run -A scripts/check_routes.ts --write`);
  Deno.exit(1);
}
