import { expect, test } from "vitest";
import { exportsOf, pageOf } from "./reference.ts";

const source = `/** Not this one. */
const hidden = 1;

/**
 * Doubles. \`y = 2 x\`
 * @throws ArgumentError for text.
 * @example double(2) // 4
 */
export function double(x: number): number {
  return x * 2;
}

/** How. */
export interface HowOptions {
  readonly a?: number;
}
export const plain = 3;
`;

test("exports are found with the comment right before them, under their exported name", () => {
  const found = exportsOf('export { double as twice, type HowOptions, plain } from "./a.ts";', () => source);
  expect(found.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    "function twice",
    "interface HowOptions",
    "const plain",
  ]);
  expect(found[0]!.comment).toContain("Doubles.");
  expect(found[0]!.comment).not.toContain("Not this one");
  expect(found[2]!.comment).toBe("");
});

test("a page has values before types, throws as sentences, examples as blocks", () => {
  const found = exportsOf('export { type HowOptions, double } from "./a.ts";', () => source);
  const page = pageOf("@tenon/a", found);
  expect(page.indexOf("### double")).toBeLessThan(page.indexOf("### HowOptions"));
  expect(page).toContain("Throws ArgumentError for text.");
  expect(page).toContain("```ts\ndouble(2) // 4\n```");
});
