// Compiles lib/index/scanner/kernel.as into kernel_bytes.ts. `--check`: only says, by its exit code, whether what is there is
// what this makes.

// @ts-ignore -- mapped by the deno.json of scripts/scanner: a compiler of 100 MB that running from source does not need
import asc from "assemblyscript/asc";
import { KERNEL } from "../../lib/index/scanner/kernel_bytes.ts";

const folder = new URL("../../lib/index/scanner/", import.meta.url);

/** The WebAssembly module of the kernel. */
async function compileKernel(): Promise<Uint8Array<ArrayBuffer>> {
  const source = await Deno.readTextFile(new URL("kernel.as", folder));
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    [
      "kernel.ts",
      "-o",
      "kernel.wasm",
      "--runtime",
      "stub",
      "-O3",
      "--noAssert",
      "--initialMemory",
      "128",
      "--enable",
      "simd",
    ],
    {
      readFile: (name: string) => name === "kernel.ts" ? source : null,
      writeFile: (_name: string, contents: string | Uint8Array) => {
        if (typeof contents !== "string") binary = contents.slice();
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`the kernel cannot be compiled: ${stderr}`);
  return binary;
}

const kernel = (await compileKernel()).toBase64();
if (Deno.args.includes("--check")) Deno.exit(kernel === KERNEL ? 0 : 1);
const lines = kernel.replace(/.{1,116}/g, (part) => `  "${part}" +\n`).replace(/ \+\n$/, ";");
await Deno.writeTextFile(
  new URL("kernel_bytes.ts", folder),
  `/** kernel.as, compiled by scripts/scanner/build_scanner.ts. */\nexport const KERNEL: string =\n${lines}\n`,
);
