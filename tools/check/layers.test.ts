import { expect, test } from "vitest";
import { readUnits } from "../workspace.ts";
import { layerProblems, type Unit } from "./layers.ts";

function unit(folder: string, files: Record<string, string>, dependencies: Record<string, string> = {}): Unit {
  return {
    folder,
    manifest: { name: `@tenon/${folder}`, exports: { ".": {}, "./testing": {} }, dependencies },
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
  };
}

const numerics = unit("numerics", { "index.ts": 'export { a } from "./a.ts";' });

test("imports downward, declared and public, are fine", () => {
  const source =
    'import { x } from "@tenon/numerics";\nimport type { T } from "@tenon/numerics/testing";\nimport "node:fs";';
  expect(layerProblems([numerics, unit("losses", { "a.ts": source }, { "@tenon/numerics": "^0.0.0" })])).toEqual([]);
});

test("an upward import is found, and an upward dependency", () => {
  const low = unit("numerics", { "a.ts": '\nimport { mse } from "@tenon/losses";' }, { "@tenon/losses": "*" });
  expect(layerProblems([low, unit("losses", {})])).toEqual([
    "@tenon/numerics: depends upward on @tenon/losses",
    'numerics/src/a.ts:2: "@tenon/losses" imports upward',
  ]);
});

test("an undeclared import is found, of ours and of others, dynamic ones too", () => {
  const source = 'import { x } from "@tenon/numerics";\nconst sharp = await import("sharp");';
  expect(layerProblems([numerics, unit("losses", { "a.ts": source })])).toEqual([
    'losses/src/a.ts:1: "@tenon/numerics" is not declared in package.json',
    'losses/src/a.ts:2: "sharp" is not declared in package.json',
  ]);
});

test("a deep import is found, by name and by path", () => {
  const source = 'import { x } from "@tenon/numerics/src/a.ts";\nexport { y } from "../../numerics/src/a.ts";';
  const losses = unit("losses", { "a.ts": source }, { "@tenon/numerics": "*" });
  expect(layerProblems([numerics, losses])).toEqual([
    'losses/src/a.ts:1: "@tenon/numerics/src/a.ts" imports past the public entry points',
    'losses/src/a.ts:2: "../../numerics/src/a.ts" leaves the package\'s source',
  ]);
});

test("a cycle cannot be declared, because one of its edges points upward", () => {
  const a = unit("data", {}, { "@tenon/models": "*" });
  const b = unit("models", {}, { "@tenon/data": "*" });
  expect(layerProblems([a, b])).toEqual(["@tenon/data: depends upward on @tenon/models"]);
});

test("imports shown in comments do not count", () => {
  const source = '/**\n * import { x } from "@tenon/train";\n */\n// import "left-pad";\nexport const a = 1;';
  expect(layerProblems([unit("numerics", { "a.ts": source })])).toEqual([]);
});

test("this repository keeps its layers", () => {
  expect(layerProblems(readUnits())).toEqual([]);
});
