import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readPackages } from "../workspace.ts";

const FILE = join(ROOT, "tools", "check", "public-surface.txt");

/** The names that an index file exports, types marked, sorted. Only named re-exports and named namespaces are allowed there. */
function surfaceOf(index: string): { names: string[]; problems: string[] } {
  const names: string[] = [];
  let rest = index.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
  rest = rest.replace(
    /export\s+(type\s+)?\{([^}]*)\}\s*from\s*"[^"]+";?/g,
    (_, type: string | undefined, list: string) => {
      for (const item of list.split(",").map((text) => text.trim())) {
        if (item === "") continue;
        const isType = type !== undefined || item.startsWith("type ");
        const name = item
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)
          .at(-1)!;
        names.push(isType ? `type ${name}` : name);
      }
      return "";
    },
  );
  rest = rest.replace(/export\s+\*\s+as\s+(\w+)\s+from\s*"[^"]+";?/g, (_, name: string) => {
    names.push(name);
    return "";
  });
  const left = rest.trim();
  const problems = left === "" ? [] : [`something else than named re-exports: ${left.split("\n")[0]}`];
  return { names: names.sort((a, b) => (a.replace("type ", "") < b.replace("type ", "") ? -1 : 1)), problems };
}

/** Compares the public names of every entry point with the checked-in list, so that a change of the API shows in the diff. */
export function surfaceProblems(update: boolean): string[] {
  const problems: string[] = [];
  const lines: string[] = [];
  for (const { manifest, path } of readPackages()) {
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (entry.endsWith(".json")) continue;
      const name = manifest.name + entry.slice(1);
      const source = (target as Record<string, string>)["@tenon/source"]!;
      const surface = surfaceOf(readFileSync(join(path, source), "utf8"));
      problems.push(...surface.problems.map((problem) => `${name}: ${problem}`));
      lines.push(`# ${name}`, ...surface.names, "");
    }
  }
  const text = `${lines.join("\n")}`;
  if (update) {
    writeFileSync(FILE, text);
    return problems;
  }
  const before = existsSync(FILE) ? readFileSync(FILE, "utf8").split("\n") : [];
  const added = lines.filter((line) => !before.includes(line));
  const removed = before.filter((line) => !lines.includes(line));
  if (added.length > 0) problems.push(`new: ${added.join(", ")}`);
  if (removed.length > 0) problems.push(`gone: ${removed.join(", ")}`);
  if (added.length + removed.length > 0) problems.push("if that is meant: npm run check -- --only surface --update");
  return problems;
}
