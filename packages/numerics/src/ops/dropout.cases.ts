import { asTensor } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { dropout } from "./dropout.ts";
import { mul } from "./mul.ts";

const long = new Float64Array(20_000).fill(1);

/** A generator that starts at the same place for every call. */
function seeded(p: number) {
  return {
    p,
    get generator() {
      return new Generator(7);
    },
  };
}

/** The mask by the stream of single numbers: element i is dropped if its 24 random bits are below p. */
function mask(x: Tensor, p: number): Tensor {
  const generator = new Generator(7);
  const values = Float64Array.from({ length: x.size }, () =>
    (generator.nextUint32() >>> 8) * 2 ** -24 >= p ? 1 / (1 - p) : 0,
  );
  return asTensor(values).reshape(x.shape);
}

export const dropoutCases: OpCases = {
  name: "dropout",
  run: dropout,
  samples: [
    {
      name: "nothing dropped",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        { p: 0 },
      ],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
    {
      name: "everything dropped",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        { p: 1 },
      ],
      expect: [
        [0, -0, 0],
        [0, 0, -0],
      ],
      onnx: "onnxruntime passes the input on",
    },
    {
      name: "not in training",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        { training: false },
      ],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
    {
      name: "half",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        seeded(0.5),
      ],
      composed: (x: Tensor) => mul(x, mask(x, 0.5)),
      onnx: "onnxruntime passes the input on",
    },
    {
      name: "through threads",
      args: ({ tensor }) => [tensor(long), seeded(0.25)],
      composed: (x: Tensor) => mul(x, mask(x, 0.25)),
      gradient: "too long for finite differences",
      strided: "checked on the short ones",
      onnx: "onnxruntime passes the input on",
    },
  ],
  errors: [
    { args: () => [[1], { p: 1.5 }], error: ArgumentError, message: /dropout: p must lie in \[0, 1\]. Received 1.5/ },
  ],
};
