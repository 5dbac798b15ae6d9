import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pictures } from "./pictures.ts";

test.each(Object.entries(pictures()))(
  "docs/guide/pictures/%s is what the losses give today (npm run docs)",
  (file, svg) => {
    expect(readFileSync(new URL(`../../docs/guide/pictures/${file}`, import.meta.url), "utf8")).toBe(svg);
  },
);
