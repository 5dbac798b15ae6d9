import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { Options } from "tsup";

/** Every published package carries the licence; there is one text of it. */
async function copyLicence(): Promise<void> {
  const { private: isPrivate } = JSON.parse(readFileSync("package.json", "utf8")) as { private?: boolean };
  if (!isPrivate) await copyFile(new URL("../LICENSE", import.meta.url), "LICENSE");
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
    onSuccess: copyLicence,
    ...extra,
  };
}
