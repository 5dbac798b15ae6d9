import { grad, tensor } from "@tenon/numerics";
import { expect, test } from "vitest";
import {
  barlowTwinsLoss,
  byolLoss,
  dclLoss,
  dinoLoss,
  ibotPatchLoss,
  mocoLoss,
  negativeCosineSimilarity,
  simSiamLoss,
  swavLoss,
  vicRegLoss,
  vicRegParts,
} from "../index.ts";

const A = [
  [1, 2],
  [3, -1],
  [0.5, 0.25],
];
const B = [
  [2, 1],
  [3, 1],
  [-1, 0.5],
];

test("the parts of VICReg add up to it", () => {
  const { invariance, variance, covariance } = vicRegParts(A, B);
  const sum = 25 * (invariance.item() as number) + 25 * (variance.item() as number) + (covariance.item() as number);
  expect(sum).toBeCloseTo(vicRegLoss(A, B).item() as number, 5);
  expect(() => vicRegParts([[1]], [[1]])).toThrow(/vicRegParts: a must be a batch/);
});

test("no gradient flows into what is a constant", () => {
  const p = tensor(A, { requiresGrad: true });
  const z = tensor(B, { requiresGrad: true });
  const views = tensor([A, B], { requiresGrad: true });
  const losses = [
    byolLoss(p, z),
    simSiamLoss(p, p, z, z),
    mocoLoss(p, z, z),
    dinoLoss(tensor([A, A], { requiresGrad: true }), views),
    ibotPatchLoss(tensor([A, A], { requiresGrad: true }), views),
  ];
  for (const loss of losses.slice(0, 3)) expect(grad(loss, [z], { allowUnused: true })).toEqual([null]);
  for (const loss of losses.slice(3)) expect(grad(loss, [views], { allowUnused: true })).toEqual([null]);
  // SwAV's gradient is that against assignments held fixed: with even ones, that of the logits alone.
  const even = tensor([[[0, 0]], [[0, 0]]], { requiresGrad: true });
  swavLoss(even).backward();
  expect(even.grad!.toArray()).toEqual([[[0, 0]], [[0, 0]]]);
});

// W-40: an eps of 1e-12 is 0 in float16, so that a vector of zeros becomes NaN there; and 300 squared is infinite.
test("half precision neither underflows nor overflows in a norm", () => {
  const half = (values: number[][]) => tensor(values, { dtype: "float16" });
  const p = half([
    [0, 0],
    [6e-8, 6e-8],
    [300, 400],
    [60000, 0],
  ]);
  const z = half([
    [1, 1],
    [1, 1],
    [400, 300],
    [6e-8, 0],
  ]);
  p.requiresGrad = true;
  const rows = negativeCosineSimilarity(p, z, { reduction: "none" });
  expect(rows.dtype).toBe("float16");
  const [zero, tiny, large, both] = rows.toArray() as number[];
  expect(zero).toBeCloseTo(0, 10);
  expect(tiny).toBe(-1);
  expect(large).toBeCloseTo(-0.96, 3);
  expect(both).toBe(-1);
  rows.sum().backward();
  // Of either sign.
  expect((p.grad!.to("float32").abs().toArray() as number[][])[0]).toEqual([0, 0]);
  expect((p.grad!.to("float32").toArray() as number[][]).flat().every(Number.isFinite)).toBe(true);
  expect(Number.isFinite(dclLoss(p, z).item())).toBe(true);
});

test("a constant dimension has correlation 0, also where the mean of its numbers rounds", () => {
  const x = tensor(
    [
      [0.1, 1],
      [0.1, 0],
      [0.1, 3],
    ],
    { dtype: "float64" },
  );
  expect(barlowTwinsLoss(x, x, { lambda: 1 }).item()).toBeCloseTo(1, 15);
});
