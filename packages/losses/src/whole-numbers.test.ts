import { asTensor, tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import * as losses from "./index.ts";

const A = [
  [1, 2, 0],
  [3, -1, 2],
  [0, 1, -4],
  [-2, 5, 3],
];
const B = [
  [2, 1, 0],
  [3, 1, 1],
  [-1, 2, -4],
  [0, 3, 5],
];
const views = [A, B];
const logProbs = [-1, -2, -4, -3];
const others = [-2, -2, -1, -5];

// Losses and their arguments; numbers that happen to be whole mean the same as floats.
const calls: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  barlowTwinsLoss: [A, B],
  vicRegLoss: [A, B],
  clipLoss: [A, B],
  sigmoidContrastiveLoss: [A, B],
  dinoLoss: [views, views],
  sigRegLoss: [A, B],
  leJepaLoss: [views, views, B],
  wMseLoss: [views],
  mocoLoss: [A, B, B],
  ipoLoss: [logProbs, others, others, logProbs],
  ktoLoss: [logProbs, others, [true, false, true, true]],
  bradleyTerryLoss: [logProbs, others],
  ppoClipLoss: [logProbs, others, [1, -1, 2, 0]],
  policyKlLoss: [logProbs, others],
  grpoLoss: [A, B, [1, -1, 2, 0]],
  rankNetLoss: [A, B],
};

describe("integer tensors are numbers like others", () => {
  test.each(Object.keys(calls))("%s", (name) => {
    const loss = (losses as unknown as Record<string, (...args: unknown[]) => ReturnType<typeof asTensor>>)[name]!;
    const floats = calls[name]!.map((x) => asTensor(x as number[]));
    const whole = floats.map((x) => (x.dtype === "bool" ? x : x.to("int32")));
    expect(loss(...whole).dtype).toBe("float32");
    expect(loss(...whole).item()).toBe(loss(...floats).item());
  });
});

describe("an option that is a number is not rounded to float32", () => {
  const f64 = (x: number) => tensor([x], { dtype: "float64" });
  const softplus = (x: number) => Math.log1p(Math.exp(x));

  test("bradleyTerryLoss: margin", () => {
    expect(losses.bradleyTerryLoss(f64(1), f64(0), { margin: 0.1 }).item()).toBeCloseTo(softplus(-0.9), 15);
  });
  test("bcoLoss: shift", () => {
    const loss = losses.bcoLoss(f64(-1), f64(-2), f64(-1.5), f64(-1.5), { beta: 1, shift: 0.1 });
    expect(loss.item()).toBeCloseTo(softplus(-0.4) + softplus(-0.6), 15);
  });
  test("ktoLoss: kl", () => {
    const loss = losses.ktoLoss(f64(-1), f64(-2), tensor([true]), { beta: 1, kl: 0.1 });
    expect(loss.item()).toBeCloseTo(1 / (1 + Math.exp(0.9)), 15);
  });
  test("cpoLoss and orpoLoss: nll", () => {
    const rest = losses.cpoLoss(f64(-1), f64(-2), { beta: 1, alpha: 0 }).item() as number;
    expect(losses.cpoLoss(f64(-1), f64(-2), { beta: 1, nll: 0.1 }).item()).toBeCloseTo(rest + 0.1, 15);
    const odds = losses.orpoLoss(f64(-1), f64(-2), { nll: 0 }).item() as number;
    expect(losses.orpoLoss(f64(-1), f64(-2), { nll: 0.1 }).item()).toBeCloseTo(odds + 0.1, 15);
  });
});
