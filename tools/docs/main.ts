// npm run docs: writes docs/reference, one page per entry point, from the doc comments of what it exports, and the guide's pictures.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, readPackages } from "../workspace.ts";
import { lossesPage } from "./losses.ts";
import { exportsOf, pageOf } from "./reference.ts";

const HELP = `Writes the API reference to docs/reference, from the doc comments of everything that the packages export; the table of
losses to docs/guide/losses.md; the guide's pictures to docs/guide/pictures. Needs a build (npm run build).`;

async function main(): Promise<void> {
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
  writeFileSync(join(ROOT, "docs", "guide", "losses.md"), lossesPage());
  console.log("docs/guide/losses.md: every loss by task");
  const drawn = Object.entries((await import("./pictures.ts")).pictures());
  for (const [file, svg] of drawn) writeFileSync(join(ROOT, "docs", "guide", "pictures", file), svg);
  console.log(`docs/guide/pictures: ${drawn.length} pictures`);
}

await main();
