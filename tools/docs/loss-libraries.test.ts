import { readFileSync } from "node:fs";
import * as losses from "@tenon/losses";
import { expect, test } from "vitest";

test("the comparison of libraries names only losses that there are", () => {
  const page = readFileSync(new URL("../../docs/guide/loss-libraries.md", import.meta.url), "utf8");
  const own = page.split("\n").flatMap((line) => line.split("|")[2]?.match(/`(\w+)`/g) ?? []);
  const missing = own
    .map((name) => name.replaceAll("`", ""))
    .filter((name) => /^[a-z]/.test(name) && !(name in losses));
  expect(own.length).toBeGreaterThan(30);
  expect(missing.filter((name) => name !== "parts")).toEqual([]);
});
