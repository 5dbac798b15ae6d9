import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as data from "@tenon/data";
import * as losses from "@tenon/losses";
import * as models from "@tenon/models";
import * as numerics from "@tenon/numerics";
import * as train from "@tenon/train";
import { transform } from "esbuild";
import { describe, expect, test } from "vitest";
import { ROOT } from "../workspace.ts";
import { tells } from "./check-value.ts";
import { examplesOf } from "./snippets.ts";

const names: Readonly<Record<string, unknown>> = { ...numerics, ...losses, ...data, ...models, ...train };

/** What an expression gives, with every export of the packages in reach. */
async function evaluate(expression: string): Promise<unknown> {
  const { code } = await transform(`const result = (${expression});`, { loader: "ts" });
  const used = Object.keys(names).filter((name) => new RegExp(`\\b${name}\\b`).test(expression));
  return new Function(...used, `${code} return result;`)(...used.map((name) => names[name]));
}

const files = readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" })
  .filter((file) => /^[^/]+\/src\/.*\.ts$/.test(file) && !/\.(test|cases)\.ts$/.test(file))
  .map((file) => join(ROOT, "packages", file));
const found = files.flatMap((file) =>
  examplesOf(readFileSync(file, "utf8")).map((example) => ({ ...example, file: relative(ROOT, file) })),
);

describe("doc comments give what their examples say", () => {
  test.each(found)("$file:$line $expression", async ({ expression, value }) => {
    const got = await evaluate(expression);
    expect(
      tells(value, got) || tells(value.replaceAll(", ", ","), got),
      `it gives ${JSON.stringify(got)}, the comment says ${value}`,
    ).toBe(true);
  });

  test("most of the examples were found", () => {
    expect(found.length).toBeGreaterThan(20);
  });
});
