// Fails where a test makes random values that cannot be made again: `testSeed()` of tests/format/random.ts prints the seed.

const ALLOWED = /^tests\/(?:fixtures|vectors)\//;
const root = decodeURIComponent(new URL("..", import.meta.url).pathname);

/** The test sources below a folder, relative to the root of the tree. */
function sourcesBelow(folder: string): string[] {
  return Array.from(Deno.readDirSync(root + folder)).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? sourcesBelow(path) : name.endsWith(".ts") && !ALLOWED.test(path) ? [path] : [];
  });
}

const files = sourcesBelow("tests");
const wrong = files.flatMap((path) =>
  Deno.readTextFileSync(root + path).split("\n").flatMap((line, at) =>
    /\bMath\s*\.\s*random\b/.test(line)
      ? [`${path}:${at + 1}: Math.random has no seed; take new Random(testSeed()) of tests/format/random.ts`]
      : []
  )
);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  Deno.exit(1);
}
console.log(`tests: ${files.length} modules, random values have seeds`);
