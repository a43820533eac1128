// Compiles lib/index/scanner/kernel.as into kernel_bytes.ts. A test checks that what is there is what this makes.
import asc from "assemblyscript/asc";

const folder = new URL("../lib/index/scanner/", import.meta.url);

/** The WebAssembly module of the kernel. */
export async function compileKernel(): Promise<Uint8Array<ArrayBuffer>> {
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

if (import.meta.main) {
  const text = (await compileKernel()).toBase64().replace(/.{1,116}/g, (part) => `  "${part}" +\n`).replace(
    / \+\n$/,
    ";",
  );
  await Deno.writeTextFile(
    new URL("kernel_bytes.ts", folder),
    `/** kernel.as, compiled by scripts/build_scanner.ts. */\nexport const KERNEL: string =\n${text}\n`,
  );
}
