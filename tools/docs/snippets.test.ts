import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ROOT } from "../workspace.ts";
import { tells } from "./check-value.ts";
import { snippetsOf } from "./snippets.ts";

const BUILD = join(ROOT, "tools", "docs", "build");
const cwd = process.cwd();
let scratch: string;

beforeAll(() => {
  mkdirSync(BUILD, { recursive: true });
  scratch = mkdtempSync(join(tmpdir(), "tenon-docs-"));
  // What snippets write must not end up in the repository.
  process.chdir(scratch);
  vi.spyOn(console, "log").mockImplementation(() => {});
});

afterAll(() => {
  vi.restoreAllMocks();
  process.chdir(cwd);
  for (const folder of [scratch, BUILD]) rmSync(folder, { recursive: true, force: true });
});

function pages(): string[] {
  const packages = readdirSync(join(ROOT, "packages")).map((name) => join(ROOT, "packages", name, "README.md"));
  const guide = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.startsWith("reference"))
    .map((file) => join(ROOT, "docs", file));
  return [join(ROOT, "README.md"), join(ROOT, "CONTRIBUTING.md"), ...packages, ...guide].filter((file) =>
    existsSync(file),
  );
}

for (const page of pages()) {
  const name = relative(ROOT, page);
  const snippets = snippetsOf(readFileSync(page, "utf8"));
  if (snippets.length === 0) continue;
  describe(name, () => {
    snippets.forEach(({ line, source, notRun }, i) => {
      const title = `the block at line ${line} runs and gives what it says`;
      if (notRun !== undefined) {
        test.skip(`${title} (${notRun})`, () => {});
        return;
      }
      test(title, async () => {
        const file = join(BUILD, `${name.replaceAll("/", "-")}-${i}.ts`);
        writeFileSync(file, `import { checkValues } from "../check-value.ts";\n${source}\nvoid checkValues;\n`);
        await import(file);
      });
    });
  });
}

test("snippets are cut out with their promises", () => {
  const page =
    "text\n```ts\nconst a = 1;\na + 1; // 2\n```\n```ts continued\nconsole.log(a); // 1 (one)\n```\n```ts no-run: no\nx\n```\n";
  const [first, second, third] = snippetsOf(page);
  expect(first!.source).toBe('const a = 1;\nawait checkValues(async () => [a + 1], "2", 4);\n');
  expect(second!.source).toBe(`${first!.source}await checkValues(async () => [a], "1 (one)", 7);\n`);
  expect(third!.notRun).toBe("no");
});

test("a comment tells a value exactly, with a remark, or by its beginning", () => {
  expect(tells("[2, 3]", [2, 3])).toBe(true);
  expect(tells("1000.6931762695312 (rounded once)", 1000.6931762695312)).toBe(true);
  expect(tells("2.0611... (not 0)", 2.0611536e-9)).toBe(true);
  expect(tells("10", 1)).toBe(false);
  expect(tells("true", true)).toBe(true);
});
