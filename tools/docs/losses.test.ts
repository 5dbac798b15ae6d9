import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lossesPage, unknownTasks } from "./losses.ts";

test("docs/guide/losses.md is what the doc comments say today (npm run docs)", () => {
  expect(unknownTasks(), "folders that the page has no section for").toEqual([]);
  expect(readFileSync(new URL("../../docs/guide/losses.md", import.meta.url), "utf8")).toBe(lossesPage());
});
