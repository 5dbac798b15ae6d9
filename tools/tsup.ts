import type { Options } from "tsup";

/** The one tsup configuration: JavaScript only, because TypeScript's own compiler writes the declarations. */
export function tsupConfig(entry: Record<string, string>, extra: Partial<Options> = {}): Options {
  return {
    entry,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    dts: false,
    clean: false,
    splitting: true,
    treeshake: false,
    sourcemap: true,
    silent: true,
    external: [/^#/, /^node:/, /^@tenon\//],
    esbuildOptions(options) {
      options.conditions = ["import"];
    },
    ...extra,
  };
}
