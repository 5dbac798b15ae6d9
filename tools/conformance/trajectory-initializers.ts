import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { init, type Module } from "@tenon/models";
import { manualSeed, type Tensor, tidy, zeros } from "@tenon/numerics";
import { camelCase, camelCaseKeys, lookup, NotThere } from "./lookup.ts";
import type { AddRow } from "./trajectories.ts";
import { layerArguments } from "./trajectory-network.ts";

type Args = { readonly [name: string]: unknown };

interface Distribution {
  readonly distribution: string;
  readonly shape: readonly number[];
  readonly low?: number;
  readonly high?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly value?: number;
  readonly zero_row?: number;
  readonly zeros_per_column?: number;
}

interface InitializerFile {
  readonly gains: readonly (readonly [string, number | null, number])[];
  readonly functions: readonly (Distribution & { readonly function: string; readonly args: Args })[];
  readonly layers: readonly {
    readonly layer: string;
    readonly args: Args;
    readonly params: { readonly [key: string]: Distribution };
  }[];
}

/** Draws from each initialiser and fresh layer of `initializers.json`, held against the distribution that it must have. */
export async function initializerRows(dir: string, add: AddRow): Promise<void> {
  const file = JSON.parse(await readFile(join(dir, "initializers.json"), "utf8")) as InitializerFile;
  manualSeed(0);
  await add("initializers/gains", () => checkGains(file));
  for (const [i, spec] of file.functions.entries()) {
    await add(`initializers/${spec.function}-${i}`, () => tidy(() => checkFunction(spec)));
  }
  for (const [i, spec] of file.layers.entries()) {
    await add(`initializers/layer-${spec.layer}-${i}`, () => tidy(() => checkLayer(spec)));
  }
}

function checkGains({ gains }: InitializerFile): string {
  for (const [name, parameter, gain] of gains) {
    const got = init.calculateGain(camelCase(name) as init.Nonlinearity, parameter ?? undefined);
    if (Math.abs(got - gain) > 1e-15) throw new Error(`${name} ${parameter}: ${got}, expected ${gain}`);
  }
  return `${gains.length} gains`;
}

function checkFunction(spec: InitializerFile["functions"][number]): string {
  const fill = (init as unknown as { [name: string]: (t: Tensor, ...args: unknown[]) => Tensor })[
    camelCase(spec.function)
  ];
  if (fill === undefined) throw new NotThere(`@tenon/models has no init.${camelCase(spec.function)} yet`);
  const t = zeros(spec.shape, { dtype: "float64" });
  fill(t, ...functionArguments(spec.function, spec.args));
  return checkValues(t, spec);
}

/** Positional arguments of the functions that have some; the others take options. */
function functionArguments(name: string, args: Args): unknown[] {
  const order = { uniform_: ["a", "b"], normal_: ["mean", "std"], constant_: ["val"], sparse_: ["sparsity"] }[name];
  const words = Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      key === "mode" || key === "nonlinearity" ? camelCase(String(value)) : value,
    ]),
  );
  if (order === undefined) return [camelCaseKeys(words)];
  const rest = Object.fromEntries(Object.entries(words).filter(([key]) => !order.includes(key)));
  return [
    ...order.filter((key) => key in words).map((key) => words[key]),
    ...(Object.keys(rest).length > 0 ? [rest] : []),
  ];
}

function checkLayer({ layer, args, params }: InitializerFile["layers"][number]): string {
  const Class = lookup<new (...args: unknown[]) => Module>("models", layer);
  if ("kdim" in args) throw new NotThere(`${layer} of @tenon/models has no kdim and vdim yet`);
  const state = new Class(...layerArguments(layer, args)).stateDict();
  for (const [key, expected] of Object.entries(params)) {
    const tensor = state.get(key);
    if (tensor === undefined) throw new Error(`no ${key} among ${[...state.keys()].join(", ")}`);
    checkValues(tensor, expected, key);
  }
  return `${Object.keys(params).length} parameters`;
}

/** Shape, bounds, and mean and deviation within five standard errors. @throws Error naming what is off. */
function checkValues(t: Tensor, spec: Distribution, key = ""): string {
  const values = Array.from(t.data() as ArrayLike<number | bigint>, Number);
  const expect = (good: boolean, what: string) => {
    if (!good) throw new Error(`${key} ${spec.distribution}: ${what}`.trim());
  };
  expect(String(t.shape) === String(spec.shape), `shape [${t.shape}], expected [${spec.shape}]`);
  if (spec.distribution === "constant") {
    expect(
      values.every((v) => v === spec.value || Math.abs(v - spec.value!) < 1e-7),
      `not ${spec.value} everywhere`,
    );
    return "constant";
  }
  if (spec.distribution === "exact" || spec.distribution === "orthogonal")
    return "shape only; values in the package's tests";
  const columns = spec.shape.at(-1)!;
  const drawn = values.filter((_, i) => Math.floor(i / columns) !== spec.zero_row);
  if (spec.zero_row !== undefined) expect(values.filter((v) => v === 0).length === columns, "the padding row is not 0");
  if (spec.distribution === "sparse") return checkSparse(values, spec, expect);
  // float32 rounds the bounds.
  const slack = 1e-6 * Math.max(Math.abs(spec.low ?? 0), Math.abs(spec.high ?? 0));
  if (spec.low !== undefined)
    expect(
      drawn.every((v) => v >= spec.low! - slack && v <= spec.high! + slack),
      "outside the bounds",
    );
  const mean = spec.mean ?? (spec.low! + spec.high!) / 2;
  const { gotMean, gotStd } = moments(drawn);
  const error = spec.std! / Math.sqrt(drawn.length);
  expect(Math.abs(gotMean - mean) <= 5 * error, `mean ${gotMean}, expected ${mean} ± ${error}`);
  expect(Math.abs(gotStd - spec.std!) <= 5 * error, `std ${gotStd}, expected ${spec.std} ± ${error}`);
  return `mean ${gotMean.toFixed(4)}, std ${gotStd.toFixed(4)} of ${drawn.length}`;
}

function checkSparse(
  values: readonly number[],
  spec: Distribution,
  expect: (good: boolean, what: string) => void,
): string {
  const [rows, columns] = spec.shape as [number, number];
  for (let column = 0; column < columns; column++) {
    let zeros = 0;
    for (let row = 0; row < rows; row++) if (values[row * columns + column] === 0) zeros++;
    expect(zeros === spec.zeros_per_column, `${zeros} zeros in column ${column}, expected ${spec.zeros_per_column}`);
  }
  return `${spec.zeros_per_column} zeros a column`;
}

function moments(values: readonly number[]): { gotMean: number; gotStd: number } {
  const gotMean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const square = values.reduce((sum, v) => sum + (v - gotMean) ** 2, 0) / values.length;
  return { gotMean, gotStd: Math.sqrt(square) };
}
