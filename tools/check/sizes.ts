import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "../workspace.ts";

/** What somebody imports, and the most that it may cost: minified and compressed with brotli, without the kernels' wasm. */
interface Budget {
  readonly name: string;
  readonly code: string;
  readonly bytes: number;
}

const BUDGETS: readonly Budget[] = [
  { name: "relu alone", code: 'export { relu } from "@tenon/numerics";', bytes: 30_000 },
  { name: "mseLoss alone", code: 'export { mseLoss } from "@tenon/losses";', bytes: 32_800 },
  { name: "crossEntropy alone", code: 'export { crossEntropy } from "@tenon/losses";', bytes: 33_800 },
  { name: "DataLoader alone", code: 'export { DataLoader } from "@tenon/data";', bytes: 34_000 },
  { name: "Linear alone", code: 'export { Linear } from "@tenon/models";', bytes: 42_000 },
  { name: "SGD alone", code: 'export { SGD } from "@tenon/train";', bytes: 31_500 },
];

async function sizeOf(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT, loader: "ts" },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["node:*"],
    logLevel: "silent",
  });
  return brotliCompressSync(outputFiles[0]!.contents).length;
}

/** Bundles that are over their budget: tree shaking stopped working, or something grew. */
export async function sizeProblems(): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, code, bytes } of BUDGETS) {
    const size = await sizeOf(code);
    if (size > bytes) problems.push(`${name}: ${size} bytes, budget ${bytes}`);
    else console.log(`              ${name}: ${size} of ${bytes} bytes`);
  }
  return problems;
}
