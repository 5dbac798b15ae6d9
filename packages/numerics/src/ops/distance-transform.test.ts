import { expect, test } from "vitest";
import { tensor } from "../create.ts";
import { Generator } from "../random/generator.ts";
import { rand } from "../random/random.ts";
import { expectClose } from "../testing/index.ts";
import { distanceTransform } from "./distance-transform.ts";

/** Every element against every 0. */
function byPairs(mask: readonly number[], shape: readonly number[], spacing: readonly number[]): number[] {
  const places = mask.map((_, at) => {
    let rest = at;
    return [...shape]
      .reverse()
      .map((size, i) => {
        const place = rest % size;
        rest = Math.floor(rest / size);
        return place * [...spacing].reverse()[i]!;
      })
      .reverse();
  });
  const zeros = places.filter((_, at) => mask[at] === 0);
  return places.map((place) =>
    Math.min(...zeros.map((zero) => Math.hypot(...zero.map((coordinate, i) => coordinate - place[i]!)))),
  );
}

test("distances are those of all pairs, in one to four dimensions, with and without spacing", () => {
  const generator = new Generator(7);
  for (const shape of [[40], [13, 9], [6, 7, 5], [4, 3, 5, 2]]) {
    for (const density of [0.5, 0.9, 0.98]) {
      const mask = rand(shape, { generator }).lt(density);
      const flat = (mask.flatten().toArray() as boolean[]).map(Number);
      if (!flat.includes(0)) flat[0] = 0;
      for (const spacing of [shape.map(() => 1), shape.map((_, i) => 0.7 + i)]) {
        const got = distanceTransform(tensor(flat, { dtype: "float64" }).reshape(shape), { spacing, dtype: "float64" });
        expectClose(got.flatten(), byPairs(flat, shape, spacing), { relative: 1e-14, absolute: 0 });
      }
    }
  }
});

test("squared distances of whole pixels are whole numbers", () => {
  const mask = rand([30, 30], { generator: new Generator(1) }).lt(0.95);
  for (const d of distanceTransform(mask, { dtype: "float64" }).square().flatten().toArray() as number[]) {
    expect(Math.abs(d - Math.round(d))).toBeLessThan(1e-12);
  }
});
