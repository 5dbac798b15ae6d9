import { ArgumentError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases, SampleTensors } from "../testing/cases.ts";
import { logSoftmax } from "./log-softmax.ts";
import { rnnt } from "./rnnt.ts";

// Values by hand, from counting alignments; packages/losses has those of brute force.
const zeros = (batch: number, frames: number, positions: number) =>
  Array.from({ length: batch }, () =>
    Array.from({ length: frames }, () => Array.from({ length: positions }, () => [0, 0, 0])),
  );
const LOGITS = Array.from({ length: 24 }, (_, i) => ((i * 7) % 11) / 4 - 1.25);
const INFINITY = Number.POSITIVE_INFINITY;
const ints = ({ index }: SampleTensors, targets: number[][], times: number[], lengths: number[]) =>
  [index(targets), index(times), index(lengths)] as const;

export const rnntCases: OpCases = {
  name: "rnnt",
  run: rnnt,
  onnx: "ONNX has no operation for a sum over all alignments",
  // The losses are float64 also where the inputs were rounded to float32.
  tolerance: { float32: { relative: 2e-7, absolute: 0 }, float64: { relative: 1e-14, absolute: 1e-15 } },
  samples: [
    {
      // Two labels in two frames: 3 orders of L L B before the last blank, each of four moves that cost log 3.
      name: "all classes alike",
      args: (make) => [make.tensor(zeros(1, 2, 3)), ...ints(make, [[0, 1]], [2], [2])],
      expect: [4 * Math.log(3) - Math.log(3)],
      resultDType: "float64",
    },
    {
      name: "lengths of their own",
      args: (make) => [make.tensor(zeros(3, 2, 2)), ...ints(make, [[1], [7], [0]], [1, 2, 2], [1, 0, 1])],
      expect: [2 * Math.log(3), 2 * Math.log(3), 3 * Math.log(3) - Math.log(2)],
      resultDType: "float64",
    },
    {
      name: "no frames",
      args: (make) => [make.tensor(zeros(2, 1, 2)), ...ints(make, [[1], [1]], [0, 0], [0, 1])],
      expect: [0, INFINITY],
      grads: [zeros(2, 1, 2)],
      gradient: "the loss is infinite",
      resultDType: "float64",
    },
    {
      name: "the blank first",
      args: (make) => [
        make.tensor(LOGITS, { shape: [24] }).reshape([1, 3, 2, 4]),
        ...ints(make, [[2]], [3], [1]),
        { blank: 0 },
      ],
      composed: ((x: never, ...rest: never[]) =>
        rnnt(logSoftmax(x, -1), rest[0]!, rest[1]!, rest[2]!, { blank: 0, logits: false })) as never,
      resultDType: "float64",
    },
    {
      name: "log-probabilities",
      args: (make) => [
        make.tensor(LOGITS, { shape: [24] }).reshape([1, 2, 3, 4]),
        ...ints(make, [[2, 2]], [2], [2]),
        { logits: false },
      ],
      // Three paths: both labels at the first frame, one at each, both at the second.
      expect: [-Math.log(paths())],
      resultDType: "float64",
    },
    {
      name: "a clamped gradient",
      args: (make) => [make.tensor(zeros(1, 1, 2)), ...ints(make, [[0]], [1], [1]), { clamp: 0.5 }],
      expect: [2 * Math.log(3)],
      grads: [
        [
          [
            [
              [-0.5, 1 / 3, 1 / 3],
              [1 / 3, 1 / 3, -0.5],
            ],
          ],
        ],
      ],
      gradient: "clamped",
      resultDType: "float64",
    },
  ],
  errors: [
    {
      args: ({ index }) => [zeros(1, 2, 2), index([[2]]), index([2]), index([1])],
      error: ArgumentError,
      message: /rnnt: the blank must not stand among the targets.*2 at position 0/,
    },
    {
      args: ({ index }) => [zeros(1, 2, 2), index([[1]]), index([3]), index([1])],
      error: IndexOutOfRangeError,
      message: /rnnt: one of the inputLengths is out of range.*3 at position 0.*0 to 2/,
    },
    {
      args: ({ index }) => [zeros(1, 2, 2), index([[1, 0]]), index([2]), index([1])],
      error: ShapeError,
      message: /rnnt: the input needs one more position than there are targets.*\[1, 2\].*\[1, 2, 2, 3\].*\[1, 1\]/,
    },
    {
      args: ({ index }) => [[[0, 0, 0]], index([[1]]), index([2]), index([1])],
      error: ShapeError,
      message: /rnnt: the input must have 4 dimensions.*\[1, 3\].*\[B, T, U \+ 1, V\]/,
    },
  ],
};

// exp of the sums over the three paths of LOGITS as [1, 2, 3, 4], labels 2 and 2, blank 3.
function paths(): number {
  const at = (t: number, u: number, v: number) => LOGITS[(t * 3 + u) * 4 + v]!;
  const ways = [
    [at(0, 0, 2), at(0, 1, 2), at(0, 2, 3), at(1, 2, 3)],
    [at(0, 0, 2), at(0, 1, 3), at(1, 1, 2), at(1, 2, 3)],
    [at(0, 0, 3), at(1, 0, 2), at(1, 1, 2), at(1, 2, 3)],
  ];
  return ways.reduce((sum, way) => sum + Math.exp(way.reduce((a, b) => a + b)), 0);
}
