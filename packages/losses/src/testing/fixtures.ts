import { readFileSync } from "node:fs";
import type { Expected, Sample, SampleTensors } from "@tenon/numerics/testing";

// Numbers from an independent implementation: a script of tools/fixtures/losses/ wrote them.

type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json };

interface Fixture {
  readonly name?: string;
  readonly args: readonly Json[];
  readonly options?: { readonly [key: string]: Json };
  readonly expect: Json;
  readonly grads?: readonly Json[];
}

// JSON has no infinities and no NaN.
const SPECIAL = new Set(["NaN", "Infinity", "-Infinity"]);

function numbers(value: Json): unknown {
  if (typeof value === "string" && SPECIAL.has(value)) return Number(value);
  return Array.isArray(value) ? value.map(numbers) : value;
}

// Lists of numbers are floating tensors; { index }, { bool } and { shape, data } say what else they are; { plain } passes as it is.
function argument(value: Json, make: SampleTensors): unknown {
  if (Array.isArray(value)) return make.tensor(numbers(value) as number[]);
  if (typeof value === "object" && value !== null) {
    const { index, bool, plain, shape, data, scalar } = value as { readonly [key: string]: Json };
    if (index !== undefined) return make.index(index as number[]);
    if (bool !== undefined) return make.bool(bool as number[]);
    if (plain !== undefined) return numbers(plain);
    if (scalar !== undefined) return make.tensor(numbers(scalar) as number);
    return make.tensor(numbers(data!) as number[], { shape: shape as number[] });
  }
  return numbers(value);
}

/**
 * The samples of one loss in `fixtures/<file>.json`, with what `extra` adds by name (a reason why finite differences do not apply, say; "*" is for all).
 */
export function fixtures(file: string, loss: string, extra: Readonly<Record<string, Partial<Sample>>> = {}): Sample[] {
  const path = new URL(`../../fixtures/${file}.json`, import.meta.url);
  const all = JSON.parse(readFileSync(path, "utf8")) as Record<string, readonly Fixture[]>;
  const rows = all[loss];
  if (rows === undefined)
    throw new Error(`${file}.json has nothing about ${loss}; it has ${Object.keys(all).join(", ")}`);
  const unknown = Object.keys(extra).filter((name) => name !== "*" && !rows.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`${file}.json has no sample of ${loss} named ${unknown.join(", ")}`);
  return rows.map((row, i) => ({
    ...(row.name !== undefined && { name: row.name }),
    args: (make) => [
      ...row.args.map((value) => argument(value, make)),
      ...(row.options === undefined
        ? []
        : [Object.fromEntries(Object.entries(row.options).map(([key, value]) => [key, argument(value, make)]))]),
    ],
    expect: numbers(row.expect) as Expected,
    ...(row.grads !== undefined && { grads: row.grads.map((g) => numbers(g) as Expected) }),
    ...extra["*"],
    ...extra[row.name ?? String(i)],
  }));
}
