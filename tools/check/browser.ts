import { join } from "node:path";
import { build } from "esbuild";
import { readPackages } from "../workspace.ts";

/** Modules that are loaded lazily, inside the functions that need them. */
function isOutside(path: string): boolean {
  return path.startsWith("node:") || !(path.startsWith(".") || path.startsWith("/") || path.startsWith("@tenon/"));
}

/**
 * Bundles every entry as a browser would get it. Static imports of Node's modules or of optional peers are problems; so is a top-level
 * await, which the iife format refuses (and with which `require` of the package would fail).
 */
export async function browserProblems(): Promise<string[]> {
  const problems: string[] = [];
  for (const { manifest, path } of readPackages()) {
    const optional = new Set(Object.keys(manifest.peerDependencies ?? {}));
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (entry.endsWith(".json")) continue;
      const name = manifest.name + entry.slice(1);
      const result = await build({
        entryPoints: [join(path, (target as { default: string }).default)],
        bundle: true,
        write: false,
        format: "iife",
        platform: "browser",
        target: "es2022",
        metafile: true,
        logLevel: "silent",
        external: ["node:*", ...optional],
        // import.meta has no meaning in an iife; it is only what detects top-level await.
        logOverride: { "empty-import-meta": "silent" },
      }).catch((error: Error) => error);
      if (result instanceof Error) {
        problems.push(`${name}: ${result.message}`);
        continue;
      }
      for (const { imports } of Object.values(result.metafile.inputs)) {
        for (const { path: imported, kind, external } of imports) {
          if (external && kind === "import-statement" && isOutside(imported)) {
            problems.push(`${name}: imports ${imported} statically`);
          }
        }
      }
    }
  }
  return problems;
}
