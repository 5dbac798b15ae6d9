import { ArgumentError, Generator, manualSeed, type Tensor, zeros } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { init, Linear } from "./index.ts";

const values = (t: Tensor) => Array.from(t.data() as Float64Array);
const float64 = (...shape: number[]) => zeros(shape, { dtype: "float64" });

function moments(t: Tensor): { mean: number; std: number; least: number; greatest: number } {
  const all = values(t);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const std = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
  return { mean, std, least: Math.min(...all), greatest: Math.max(...all) };
}

describe("init", () => {
  it("knows PyTorch's gains", () => {
    expect(init.calculateGain("tanh")).toBe(5 / 3);
    expect(init.calculateGain("leakyRelu", 0.2)).toBeCloseTo(1.3867504905630728, 15);
    expect(init.calculateGain("conv2d")).toBe(1);
  });

  // Bounds and deviations as PyTorch's torch.nn.init gives them for a weight [64, 4, 3, 3].
  it.each<[string, (t: Tensor) => Tensor, number, number, number]>([
    ["uniform_", (t) => init.uniform_(t, -0.3, 0.7), 0.2, 0.2886751345948129, 0.7],
    ["normal_", (t) => init.normal_(t, 0.5, 0.2), 0.5, 0.2, 9],
    ["xavierUniform_", (t) => init.xavierUniform_(t), 0, Math.sqrt(2 / 612), Math.sqrt(6 / 612)],
    ["xavierNormal_", (t) => init.xavierNormal_(t, { gain: 2 }), 0, 2 * Math.sqrt(2 / 612), 9],
    [
      "kaimingUniform_",
      (t) => init.kaimingUniform_(t, { nonlinearity: "relu" }),
      0,
      Math.sqrt(2 / 36),
      Math.sqrt(6 / 36),
    ],
    ["kaimingNormal_", (t) => init.kaimingNormal_(t, { mode: "fanOut" }), 0, Math.sqrt(2 / 576), 9],
    ["truncNormal_", (t) => init.truncNormal_(t), 0, 0.8796256610342398, 2],
    [
      "truncNormal_ in a tail",
      (t) => init.truncNormal_(t, { mean: 0.2, a: -1, b: 0.5 }),
      -0.172287622785758,
      0.4128555851442211,
      0.5,
    ],
  ])("%s draws from its distribution", (_, fill, mean, std, greatest) => {
    manualSeed(1);
    const t = float64(64, 4, 3, 3);
    expect(fill(t)).toBe(t);
    const got = moments(t);
    const error = std / Math.sqrt(t.size);
    expect(Math.abs(got.mean - mean)).toBeLessThan(5 * error);
    expect(Math.abs(got.std - std)).toBeLessThan(5 * error);
    expect(got.greatest).toBeLessThanOrEqual(greatest);
  });

  it("truncates far out in a tail, and in narrow intervals, without getting stuck", () => {
    for (const [a, b] of [
      [5, 6],
      [-40, -30],
      [0.1, 0.2],
      [-0.1, 0.1],
      [8, 1e9],
    ] as const) {
      const { least, greatest } = moments(init.truncNormal_(float64(200), { a, b }));
      expect(least).toBeGreaterThanOrEqual(a);
      expect(greatest).toBeLessThanOrEqual(b);
    }
    expect(() => init.truncNormal_(float64(2), { a: 1, b: 1 })).toThrow(ArgumentError);
  });

  it("makes orthogonal rows or columns of norm gain", () => {
    for (const [rows, columns] of [
      [3, 5],
      [5, 3],
    ] as const) {
      const matrix = values(init.orthogonal_(float64(rows, columns), { gain: 2 }));
      const at = (row: number, column: number) => matrix[row * columns + column]!;
      const n = Math.min(rows, columns);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let dot = 0;
          for (let k = 0; k < Math.max(rows, columns); k++)
            dot += rows < columns ? at(i, k) * at(j, k) : at(k, i) * at(k, j);
          expect(dot).toBeCloseTo(i === j ? 4 : 0, 13);
        }
      }
    }
  });

  it("fills constants, identities and sparse columns", () => {
    expect(values(init.eye_(float64(2, 3)))).toEqual([1, 0, 0, 0, 1, 0]);
    expect(values(init.dirac_(float64(2, 2, 3)))).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(values(init.dirac_(float64(4, 1, 1), { groups: 2 }))).toEqual([1, 0, 1, 0]);
    expect(values(init.constant_(float64(2), 0.3))).toEqual([0.3, 0.3]);
    const sparse = values(init.sparse_(float64(10, 2), 0.25));
    for (const column of [0, 1]) expect(sparse.filter((v, i) => i % 2 === column && v === 0).length).toBe(3);
  });

  it("draws the same from the same generator", () => {
    const draw = () => new Linear(3, 2, { generator: new Generator(7) }).weight.toArray();
    expect(draw()).toEqual(draw());
  });

  it("needs two dimensions for fans", () => {
    expect(() => init.kaimingUniform_(zeros([3]))).toThrow(/at least two dimensions/);
  });
});
