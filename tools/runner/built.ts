import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { readPackages } from "../workspace.ts";

function newest(folder: string): number {
  let time = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && !/\.(test|cases)\.ts$/.test(entry.name)) {
      time = Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return time;
}

/**
 * Builds the packages if one of them has no build yet: runners measure and test what users get, not the sources. A build that is older
 * than its sources is named, because its figures would mislead. With `--conditions=@tenon/source` the sources run and nothing is built.
 */
export async function ensureBuilt(): Promise<void> {
  if (process.execArgv.some((argument) => argument.includes("@tenon/source"))) return;
  const entries = readPackages().map(({ path, folder }) => ({ folder, path, entry: join(path, "dist", "index.js") }));
  if (entries.some(({ entry }) => !existsSync(entry))) {
    const { code, output } = await runCommand("npm", ["run", "-s", "build"]);
    if (code !== 0) {
      console.error(`the build failed:\n${output}`);
      process.exit(2);
    }
    return;
  }
  const stale = entries.filter(({ path, entry }) => newest(join(path, "src")) > statSync(entry).mtimeMs);
  if (stale.length > 0) {
    console.error(`older than its sources: ${stale.map(({ folder }) => folder).join(", ")}; "npm run build" renews it`);
  }
}
