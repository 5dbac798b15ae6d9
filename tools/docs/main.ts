// npm run docs: writes docs/reference, one page per entry point, from the doc comments of what it exports.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, readPackages } from "../workspace.ts";
import { exportsOf, pageOf } from "./reference.ts";

const HELP =
  "Writes the API reference to docs/reference, from the doc comments of everything that the packages export.";

function main(): void {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const folder = join(ROOT, "docs", "reference");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let pages = 0;
  for (const { manifest, path } of readPackages()) {
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      const source = (target as Record<string, string>)["@tenon/source"];
      if (source === undefined || !existsSync(join(path, source))) continue;
      const index = join(path, source);
      const name = manifest.name + entry.slice(1);
      const read = (file: string) => readFileSync(join(dirname(index), file), "utf8");
      const file = `${name.replace("@tenon/", "").replaceAll("/", "-")}.md`;
      writeFileSync(join(folder, file), pageOf(name, exportsOf(readFileSync(index, "utf8"), read)));
      pages++;
    }
  }
  console.log(`docs/reference: ${pages} pages`);
}

main();
