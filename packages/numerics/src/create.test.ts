import { describe, expect, it } from "vitest";
import { arange, asIndexTensor, eye, fromTypedArray, full, linspace, tensor, zeros } from "./create.ts";
import { ArgumentError, DTypeError, ShapeError } from "./errors.ts";

describe("tensor", () => {
  it("gives literals their types", () => {
    expect(tensor(1).dtype).toBe("float32");
    expect(tensor([true, false]).toArray()).toEqual([true, false]);
    expect(tensor([1n, 2n]).dtype).toBe("int64");
    expect(tensor(new Float64Array([1, 2])).dtype).toBe("float64");
    expect(tensor(new Uint8Array([1, 2]), { shape: [2, 1] }).shape).toEqual([2, 1]);
    expect(asIndexTensor([1, 2]).dtype).toBe("int64");
  });

  it("keeps shapes, also empty ones and scalars", () => {
    expect(tensor([[1, 2, 3]]).shape).toEqual([1, 3]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor(5).shape).toEqual([]);
    expect(zeros([2, 0, 3]).toArray()).toEqual([[], []]);
  });

  it("copies", () => {
    const data = new Float32Array([1, 2]);
    const x = tensor(data);
    data[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  it("rounds to the type", () => {
    expect(tensor([0.1]).item()).toBe(Math.fround(0.1));
    expect(tensor([0.1], { dtype: "float64" }).item()).toBe(0.1);
    expect(tensor([65519, 2 ** -24, -0.5], { dtype: "float16" }).toArray()).toEqual([65504, 2 ** -24, -0.5]);
    expect(tensor([2.9, -2.9], { dtype: "int64" }).toArray()).toEqual([2, -2]);
  });

  it.each([
    [() => tensor([[1, 2], [3]]), ShapeError, "1 items in dimension 1"],
    [() => tensor([1, [2]] as never), ShapeError, "rectangular"],
    [() => tensor([1, true] as never), DTypeError, "number and boolean"],
    [() => tensor(["a"] as never), DTypeError, '"a"'],
    [() => tensor([Number.NaN], { dtype: "int64" }), DTypeError, "NaN"],
    [() => fromTypedArray(new Float32Array(3), [2, 2]), ShapeError, "3 values"],
    [() => tensor(new Uint32Array(1) as never), DTypeError, "Uint32Array"],
    [() => zeros([-1]), ShapeError, "[-1]"],
    [() => arange(0, 5, -1), ArgumentError, "step -1"],
  ])("refuses %s", (make, type, text) => {
    expect(make).toThrow(type);
    expect(make).toThrow(text);
  });
});

describe("makers", () => {
  it("fill, count and space", () => {
    expect(full([2], 7).toArray()).toEqual([7, 7]);
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(1, 2, 0.25, { dtype: "float64" }).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(linspace(0, 1, 5, { dtype: "float64" }).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(eye(2, 3, { dtype: "int64" }).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });
});

describe("reading out", () => {
  it("gives values, refuses what would lose them", () => {
    expect(tensor([[4]]).item()).toBe(4);
    expect(tensor(true).item()).toBe(true);
    expect(tensor([2n ** 60n]).itemBigInt()).toBe(2n ** 60n);
    expect(() => tensor([2n ** 60n]).item()).toThrow("itemBigInt");
    expect(() => tensor([1, 2]).item()).toThrow(ShapeError);
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ])
        .t()
        .data(),
    ).toEqual(new Float32Array([1, 3, 2, 4]));
    expect(() =>
      tensor([
        [1, 2],
        [3, 4],
      ])
        .t()
        .view(),
    ).toThrow("data()");
  });

  it("prints shape, type and values", () => {
    expect(
      String(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toBe("Tensor [2, 2] float32\n[[1, 2],\n [3, 4]]");
    expect(String(tensor([0.5, -10]))).toBe("Tensor [2] float32\n[  0.5000, -10.0000]");
    expect(String(tensor(3))).toBe("Tensor [] float32 3");
    expect(String(zeros([0]))).toBe("Tensor [0] float32 (empty)");
    expect(String(arange(2000))).toBe("Tensor [2000] float32\n[   0,    1,    2, ..., 1997, 1998, 1999]");
  });
});
