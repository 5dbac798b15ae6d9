import { expect, it } from "vitest";
import { fromTypedArray } from "./create.ts";
import { type DType, dtypes, itemSize, type TypedArray } from "./dtype.ts";
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half.ts";
import { to } from "./ops/to.ts";
import { engine } from "./runtime.ts";

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** Strides of a dense layout with its dimensions in any order, sometimes with gaps; and how many elements it spans. */
function layout(shape: readonly number[], random: (below: number) => number): { strides: number[]; span: number } {
  const order = shape.map((_, i) => i).sort(() => random(3) - 1);
  const strides = shape.map(() => 0);
  let span = random(4) === 0 ? 2 : 1;
  for (const d of order) {
    strides[d] = span;
    span *= shape[d]!;
  }
  return { strides, span: Math.max(span, 1) };
}

const typeOfWidth = { 1: "uint8", 2: "int16", 4: "int32", 8: "float64" } as const;

it("copyStrided moves every element from any layout to any other, and touches nothing else", () => {
  const { kernels, heap } = engine();
  const random = randomNumbers(7);
  for (let round = 0; round < 400; round++) {
    const width = ([1, 2, 4, 8] as const)[random(4)]!;
    const rank = random(5);
    const largest = rank < 3 ? (random(10) === 0 ? 600 : 90) : 12;
    const shape = Array.from({ length: rank }, () => 1 + random(largest));
    const from = layout(shape, random);
    const into = layout(shape, random);
    if (rank > 0 && random(3) === 0) from.strides[random(rank)] = 0;
    const [src, dst] = [heap.alloc(from.span * width), heap.alloc(into.span * width)];
    const x = heap.view(typeOfWidth[width], src, from.span);
    const y = heap.view(typeOfWidth[width], dst, into.span);
    for (let i = 0; i < from.span; i++) x[i] = i % 101;
    y.fill(111);
    const wanted = y.slice();
    const write = (d: number, a: number, b: number): void => {
      if (d === rank) wanted[b] = x[a]!;
      else for (let i = 0; i < shape[d]!; i++) write(d + 1, a + i * from.strides[d]!, b + i * into.strides[d]!);
    };
    write(0, 0, 0);
    kernels.copyStrided[width](src, dst, shape, from.strides, into.strides);
    const wrong = y.findIndex((value, i) => value !== wanted[i]);
    expect(wrong, `${width} bytes, [${shape}] from strides [${from.strides}] to [${into.strides}]`).toBe(-1);
    heap.free(src, from.span * width);
    heap.free(dst, into.span * width);
  }
});

it("fill writes the bits of one element", () => {
  const { kernels, heap } = engine();
  const p = heap.alloc(80);
  heap.view("float64", p, 10).fill(1);
  kernels.fill[8](p, 9, 0x54442d18, 0x400921fb);
  expect([...heap.view("float64", p, 10)]).toEqual([...new Array(9).fill(Math.PI), 1]);
  heap.free(p, 80);
});

const isInt = (dtype: DType) => ["int8", "uint8", "int16", "int32", "int64"].includes(dtype);

/** What an element of one type is in another, by JavaScript's own conversions. */
function expected(stored: number | bigint, from: DType, into: DType): number | bigint {
  const value =
    from === "float16"
      ? float16ToNumber(Number(stored))
      : from === "bfloat16"
        ? bfloat16ToNumber(Number(stored))
        : stored;
  if (into === "bool") return Number(Number(value) !== 0);
  if (isInt(into)) {
    const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
    const bits = itemSize(into) * 8;
    const wrapped = into === "uint8" ? BigInt.asUintN(8, whole) : BigInt.asIntN(bits, whole);
    return into === "int64" ? wrapped : Number(wrapped);
  }
  if (into === "float16") return numberToFloat16(Number(value));
  if (into === "bfloat16") return numberToBfloat16(Number(value));
  return into === "float32" ? Math.fround(Number(value)) : Number(value);
}

const PLAIN = [
  0, 1, -1, 2.5, -2.5, 3.999, 100, 127, -128, 126.5, 200, 255, 1000.75, 32767, -32768, 65503, 1e-3, -1e-5, 6e-8, 3e-8,
  0.1,
];

function samples(dtype: DType): TypedArray {
  if (dtype === "float16") return Uint16Array.from(PLAIN, numberToFloat16);
  if (dtype === "bfloat16") return Uint16Array.from(PLAIN, numberToBfloat16);
  if (dtype === "bool") return Uint8Array.from(PLAIN, (x) => Number(x !== 0));
  if (dtype === "int64")
    return BigInt64Array.from([...PLAIN.map((x) => BigInt(Math.trunc(x))), 2n ** 40n + 1n, -(2n ** 24n) - 1n]);
  if (dtype === "float32") return Float32Array.from(PLAIN);
  if (dtype === "float64")
    return Float64Array.from([...PLAIN, 1 + 2 ** -11 + 2 ** -40, 1 + 2 ** -8 + 2 ** -45, 2 ** 30 + 0.5]);
  const array = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array }[dtype];
  return new array(PLAIN.map(Math.trunc));
}

it.each(dtypes)("%s converts to every other type, rounding once", (from) => {
  const data = samples(from);
  // Many copies, so that vector loops, their tails and the path for large arrays are all taken.
  const n = 70_001;
  const long = new (data.constructor as Uint8ArrayConstructor)(n);
  for (let i = 0; i < n; i++) long[i] = data[i % data.length] as number;
  const x = fromTypedArray(long, [n], from);
  for (const into of dtypes) {
    if (into === from) continue;
    const y = to(x, into).data();
    const wanted = Array.from(data as Uint8Array, (value) => expected(value, from, into));
    const wrong = (y as Uint8Array).findIndex((value, i) => !Object.is(value, wanted[i % wanted.length]));
    expect(
      wrong,
      `${from} ${data[wrong % data.length]} to ${into} gave ${y[wrong]}, not ${wanted[wrong % wanted.length]}`,
    ).toBe(-1);
  }
});

it("half precision types convert exactly to float32 and back, for every bit pattern", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  for (const [dtype, value] of [
    ["float16", float16ToNumber],
    ["bfloat16", bfloat16ToNumber],
  ] as const) {
    const x = fromTypedArray(bits, [65536], dtype);
    const wide = to(x, "float32");
    const numbers = wide.data() as Float32Array;
    const wrong = numbers.findIndex((got, i) => !Object.is(got, value(i)));
    expect(wrong).toBe(-1);
    const back = to(wide, dtype).data() as Uint16Array;
    expect(back.findIndex((got, i) => got !== i && !Number.isNaN(value(i)))).toBe(-1);
  }
});

it("numbers between two half precision values go to the nearest, ties to even", () => {
  const random = randomNumbers(11);
  const n = 20_000;
  for (const [dtype, value, round] of [
    ["float16", float16ToNumber, numberToFloat16],
    ["bfloat16", bfloat16ToNumber, numberToBfloat16],
  ] as const) {
    const numbers = Float64Array.from({ length: n }, () => {
      const bits = random(0x7bff);
      const [low, next] = [value(bits), value(bits + 1)];
      const between = [0, 0.5, 0.5000000001, 0.4999999999, 1][random(5)]!;
      return (low + (next - low) * between) * (random(2) ? 1 : -1);
    });
    const got = to(fromTypedArray(numbers, [n], "float64"), dtype).data() as Uint16Array;
    expect(got.findIndex((bits, i) => bits !== round(numbers[i]!))).toBe(-1);
  }
});

it("floating values outside an integer type give its least value, as on x86", () => {
  const x = fromTypedArray(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -1e300), [3]);
  expect([...(to(x, "int64").data() as BigInt64Array)]).toEqual(new Array(3).fill(-(2n ** 63n)));
  expect([...to(x, "int32").data()]).toEqual(new Array(3).fill(-(2 ** 31)));
  expect([...to(to(x, "float32"), "int32").data()]).toEqual(new Array(3).fill(-(2 ** 31)));
  expect([...to(x, "bool").data()]).toEqual([1, 1, 1]);
});
