import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { Options } from "tsup";
import { markPureFile } from "./mark-pure.ts";

/** What published packages need beside their bundles: marks for tree shaking, and the licence, of which there is one text. */
async function finishPackage(): Promise<void> {
  const { private: isPrivate } = JSON.parse(readFileSync("package.json", "utf8")) as { private?: boolean };
  if (isPrivate) return;
  for (const file of readdirSync("dist")) if (file.endsWith(".js")) markPureFile(`dist/${file}`);
  await copyFile(new URL("../LICENSE", import.meta.url), "LICENSE");
}

/** The one tsup configuration: JavaScript only, because TypeScript's own compiler writes the declarations. */
export function tsupConfig(entry: Record<string, string>, extra: Partial<Options> = {}): Options {
  return {
    entry,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    dts: false,
    // Chunks of earlier builds must not be published; the kernels have a build of their own.
    clean: ["!kernels/**"],
    splitting: true,
    treeshake: false,
    sourcemap: true,
    silent: true,
    // Without its prefix a module of Node's looks like a package, to bundlers and to us.
    removeNodeProtocol: false,
    external: [/^#/, /^node:/, /^@tenon\//],
    esbuildOptions(options) {
      options.conditions = ["import"];
    },
    onSuccess: finishPackage,
    ...extra,
  };
}
