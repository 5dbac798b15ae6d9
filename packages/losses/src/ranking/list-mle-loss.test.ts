import { Generator, softplus } from "@tenon/numerics";
import { expect, test } from "vitest";
import { listMleLoss } from "../index.ts";

const options = (seed: number) => ({ generator: new Generator(seed), reduction: "none" as const });

test("items of equal relevance come in random order, given by the generator's seed", () => {
  const scores = Array.from({ length: 200 }, () => [1, 0, -7]);
  const relevance = scores.map(() => [2, 2, -1]);
  const rows = listMleLoss(scores, relevance, options(1)).toArray() as number[];
  // The two orders of the two items: one of them costs softplus(-1), the other softplus(1).
  const [low, high] = [softplus(-1).item(), softplus(1).item()];
  expect(new Set(rows)).toEqual(new Set([low, high]));
  const first = rows.filter((v) => v === low).length;
  expect(first).toBeGreaterThan(60);
  expect(first).toBeLessThan(140);
  expect(listMleLoss(scores, relevance, options(1)).toArray()).toEqual(rows);
  expect(listMleLoss(scores, relevance, options(2)).toArray()).not.toEqual(rows);
});

test("items of different relevance keep their order whatever the generator", () => {
  const scores = [[0.5, 2, -1, 3]];
  const relevance = [[3, 1, 2, 0]];
  expect(listMleLoss(scores, relevance, options(3)).item()).toBe(listMleLoss(scores, relevance).item());
});
