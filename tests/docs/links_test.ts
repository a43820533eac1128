import { assert, assertEquals } from "../assert.ts";
import { blocksOf, type Document, documentAt, documents, proseOf, ROOT } from "./documents.ts";

/** What a heading is called in a link, as GitHub makes it. */
function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

function anchorsOf(document: Document): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of proseOf(document).matchAll(/^#+ (.*)$/gm)) {
    const anchor = anchorOf(heading);
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

/** What is wrong with a link of a document; undefined if it leads somewhere. */
function faultOf(document: Document, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined;
  const [file, anchor] = link.split("#");
  const target = file === "" ? document.path : new URL(file, `file:///${document.path}`).pathname.slice(1);
  try {
    Deno.statSync(new URL(target, ROOT));
  } catch {
    return `${document.path}: ${link} leads nowhere`;
  }
  if (anchor === undefined || anchor === "" || !target.endsWith(".md")) return undefined;
  return anchorsOf(documentAt(target)).has(anchor) ? undefined : `${document.path}: ${link} has no such heading`;
}

Deno.test("documents: every link leads to a file and a heading that are there", () => {
  const faults: string[] = [];
  let links = 0;
  for (const document of documents) {
    for (const [, link] of proseOf(document).replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)) {
      links++;
      const fault = faultOf(document, link);
      if (fault !== undefined) faults.push(fault);
    }
  }
  assertEquals(faults, []);
  assert(links > 50, `the pattern finds ${links}`);
});

Deno.test("documents: every page of lib/docs is linked from the README", () => {
  const { text } = documentAt("README.md");
  const pages = documents.filter(({ path }) => path.startsWith("lib/docs/"));
  assertEquals(pages.filter(({ path }) => !text.includes(`](${path})`)).map(({ path }) => path), []);
});

Deno.test("documents: each source file and folder that inline code names is there", () => {
  const names = namesBelow("lib/").concat(namesBelow("tests/"), namesBelow("scripts/"));
  const missing: string[] = [];
  for (const document of documents.filter(({ path }) => path !== "CHANGELOG.md")) {
    for (const [, path] of proseOf(document).matchAll(/`((?:lib|tests|scripts)\/[\w./-]+|[\w*/-]+\.ts)`/g)) {
      const pattern = new RegExp(`(^|/)${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}/?$`);
      if (!/^(mod|cli)\.ts$/.test(path) && !names.some((name) => pattern.test(name))) {
        missing.push(`${document.path}: ${path}`);
      }
    }
  }
  assertEquals(missing, []);
});

/** The files and folders below a folder, from the root; folders end with a slash. */
function namesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) =>
    isDirectory ? [`${folder}${name}/`, ...namesBelow(`${folder}${name}/`)] : [`${folder}${name}`]
  );
}

Deno.test("README: it is a landing page of at most 150 lines", () => {
  assert(documentAt("README.md").text.split("\n").length <= 151);
});

Deno.test("CONTRIBUTING: the picture of the house shows each room of lib", () => {
  const picture = blocksOf(documentAt(".github/CONTRIBUTING.md"), "text")[0];
  const shown = picture.trimEnd().split("\n").map((line) => line.split(" ")[0]);
  const rooms = [...Deno.readDirSync(new URL("lib", ROOT))].filter(({ isDirectory }) => isDirectory);
  assertEquals(shown.toSorted(), rooms.map(({ name }) => name).filter((name) => name !== "docs").sort());
});
