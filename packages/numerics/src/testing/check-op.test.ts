import { expect, test } from "vitest";
import { tensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { defineOp, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { matmul } from "../ops/matmul.ts";
import { mul } from "../ops/mul.ts";
import { allocate, type Tensor } from "../tensor.ts";
import { checkOp } from "./check-op.ts";
import { expectClose } from "./close.ts";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";

const onnx = unsupported("only for this test");

/** x * x, with parts that can be made wrong. */
function square(parts: Partial<OneOutput<object>> = {}) {
  return defineOp<object>({
    name: "square",
    shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
    forward: (_k, [x]) => {
      const source = x!.contiguous();
      const y = allocate(x!.shape, x!.dtype);
      const [from, to] = [source.view() as Float32Array, y.view() as Float32Array];
      for (let i = 0; i < to.length; i++) to[i] = from[i]! * from[i]!;
      return y;
    },
    gradient: ({ inputs: [x], dy }) => [mul(mul(dy, x!), 2)],
    onnx,
    ...parts,
  });
}

const cases = { samples: [{ args: () => [[[1, -2, 3]]], expect: [[1, 4, 9]] }], reference: (x: number) => x * x };

test("a correct operation passes", async () => {
  await checkOp(square(), cases);
});

test("a wrong value is found", async () => {
  const wrong = { ...cases, samples: [{ args: () => [[1, -2, 3]], expect: [1, 4, 8] }] };
  await expect(checkOp(square(), wrong)).rejects.toThrow(
    /sample 0, float32: values: value: 1 of 3 values differ; worst at \[2\]: got 9, want 8/,
  );
});

test("a wrong gradient is found", async () => {
  const op = square({ gradient: ({ inputs: [x], dy }) => [mul(mul(dy, x!), 3)] });
  await expect(checkOp(op, cases)).rejects.toThrow(/sample 0: gradient: gradient with respect to input 0/);
});

test("a wrong second gradient is found", async () => {
  const op = square({ gradient: ({ inputs: [x], dy }) => [mul(mul(dy, x!.detach()), 2)] });
  await expect(checkOp(op, cases)).rejects.toThrow(/second gradient/);
});

test("an operation that ignores strides is found", async () => {
  const op = square({
    forward: (_k, [x]) => {
      const y = allocate(x!.shape, x!.dtype);
      const from = x!.isContiguous() ? (x!.view() as Float32Array) : new Float32Array(x!.size);
      const to = y.view() as Float32Array;
      for (let i = 0; i < to.length; i++) to[i] = from[i]! * from[i]!;
      return y;
    },
  });
  await expect(checkOp(op, cases)).rejects.toThrow(/strided: 3 of 3 values differ/);
});

test("a declared shape that differs from the result's is found", async () => {
  const op = square({ shape: ([x]) => ({ shape: [...x!.shape, 1], dtype: x!.dtype }) });
  await expect(checkOp(op, cases)).rejects.toThrow(/square declares \[1, 3, 1\] float32 and gives \[1, 3\] float32/);
});

test("a missing gradient is found, unless the operation says why there is none", async () => {
  const detached = (x: Tensor) => square()(x).detach();
  await expect(checkOp(detached, cases)).rejects.toThrow(/neither the operation nor the cases say why|differ/);
  await checkOp(square({ gradient: nonDifferentiable("for this test") }), cases);
});

test("error rows hold the class and the text", async () => {
  const errors = [{ args: () => [[[1, 2]], [[1, 2]]], error: ShapeError, message: /^matmul: inner sizes differ/ }];
  const samples = [{ args: () => [[[1, 2]], [[3], [4]]], expect: [[11]] }];
  await checkOp(matmul, { samples, errors });
  const other = [{ ...errors[0]!, message: /something else/ }];
  await expect(checkOp(matmul, { samples, errors: other })).rejects.toThrow(/the text is "matmul: /);
});

test("gradcheck and gradgradcheck compare with finite differences", () => {
  const a = tensor(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    { dtype: "float64" },
  );
  const b = tensor(
    [
      [1, 2],
      [3, -0.5],
    ],
    { dtype: "float64" },
  );
  gradcheck((x, y) => matmul(x, y), [a, b]);
  gradgradcheck((x, y) => matmul(x, y), [a, b]);
  expect(() => gradcheck((x) => mul(x, x.detach()), [a])).toThrow(/gradient with respect to input 0/);
  expect(() => gradcheck((x) => x, [tensor([1])])).toThrow(/need float64 inputs/);
});

test("expectClose compares shapes and values, and takes NaN for NaN", () => {
  expectClose([1, Number.NaN], [1 + 1e-7, Number.NaN]);
  expect(() => expectClose([1, 2], [[1, 2]])).toThrow(/got shape \[2\], want \[1, 2\]/);
  expect(() => expectClose([1, 2], [1, 2.1])).toThrow(/worst at \[1\]: got 2, want 2.1/);
});
