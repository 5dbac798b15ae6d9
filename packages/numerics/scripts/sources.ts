import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkUnique, type Declaration, parseDeclarations } from "./declarations.ts";

export interface Family {
  readonly name: string;
  readonly declarations: readonly Declaration[];
  /** The file with all its includes written out. */
  readonly text: string;
}

/** Puts `"..."` includes in place of their directives, so that one text is what is hashed and what is compiled. */
export function expandIncludes(root: string, file: string, seen = new Set<string>()): string {
  const path = join(root, file);
  if (seen.has(path)) return "";
  seen.add(path);
  const lines = readFileSync(path, "utf8").split("\n");
  const out = [`#line 1 "kernels/${file}"`];
  lines.forEach((line, index) => {
    const include = /^\s*#\s*include\s+"([^"]+)"/.exec(line)?.[1];
    if (include !== undefined) {
      const beside = join(dirname(file), include);
      const inner = readable(join(root, beside)) ? beside : include;
      out.push(expandIncludes(root, inner, seen), `#line ${index + 2} "kernels/${file}"`);
    } else if (!/^\s*#\s*pragma\s+once/.test(line)) out.push(line);
    else out.push("");
  });
  return out.join("\n");
}

/** What a compiler sees of a text: without comments, empty lines and line numbers, so that editing those compiles nothing. */
export function essence(text: string): string {
  return text
    .replace(/"(?:\\.|[^"\\\n])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (part) => (part.startsWith('"') ? part : " "))
    .replace(/^#line .*$/gm, "")
    .replace(/[ \t]+/g, " ")
    .replace(/\s*\n\s*/g, "\n");
}

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** @throws DeclarationError */
export function readFamilies(root: string): Family[] {
  const names = readdirSync(root)
    .filter((file) => file.endsWith(".cpp"))
    .map((file) => file.slice(0, -".cpp".length))
    .sort();
  const families = names.map((name) => ({
    name,
    declarations: parseDeclarations(name, readFileSync(join(root, `${name}.cpp`), "utf8")),
    text: expandIncludes(root, `${name}.cpp`),
  }));
  checkUnique(families.flatMap(({ declarations }) => declarations));
  return families;
}
