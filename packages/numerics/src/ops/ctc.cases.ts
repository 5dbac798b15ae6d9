import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases, SampleTensors } from "../testing/cases.ts";
import { ctc } from "./ctc.ts";
import { logSoftmax } from "./log-softmax.ts";
import { permute } from "./permute.ts";

// Values by hand, from counting alignments; packages/losses has those of brute force and of PyTorch.
const THIRD = Math.log(1 / 3);
const even = (frames: number, batch: number) =>
  Array.from({ length: frames }, () => Array.from({ length: batch }, () => [THIRD, THIRD, THIRD]));
const LOGITS = [
  [[0.5, -1.25, 2, 0]],
  [[0, 3.5, -0.75, 1]],
  [[-2, 0.25, 1.5, -1]],
  [[1, 0.5, 0.125, -3]],
  [[0.75, -0.5, 1, 2]],
];
const INFINITY = Number.POSITIVE_INFINITY;
const ints = ({ index }: SampleTensors, targets: number[] | number[][], times: number[], lengths: number[]) =>
  [index(targets), index(times), index(lengths)] as const;

export const ctcCases: OpCases = {
  name: "ctc",
  run: ctc,
  onnx: "ONNX has no operation for a sum over all alignments",
  // The losses are float64 also where the inputs were rounded to float32.
  tolerance: { float32: { relative: 2e-7, absolute: 0 }, float64: { relative: 1e-14, absolute: 1e-15 } },
  samples: [
    {
      // aa, -a, a- of nine.
      name: "one label in two frames",
      args: (make) => [make.tensor(even(2, 1)), ...ints(make, [[1]], [2], [1])],
      expect: [Math.log(3)],
      grads: [[0, 1].map(() => [[-1 / 3, -2 / 3, 0]])],
      resultDType: "float64",
    },
    {
      // a-a alone: equal labels need a blank between them. ab has aab, abb, -ab, a-b, ab-.
      name: "equal and different labels, padded",
      args: (make) => [
        make.tensor(even(3, 2)),
        ...ints(
          make,
          [
            [1, 1, 7],
            [1, 2, 7],
          ],
          [3, 3],
          [2, 2],
        ),
      ],
      expect: [Math.log(27), Math.log(27 / 5)],
      resultDType: "float64",
    },
    {
      name: "targets one after the other, lengths of their own",
      args: (make) => [make.tensor(even(3, 2)), ...ints(make, [1, 1, 2], [3, 2], [2, 1])],
      expect: [Math.log(27), Math.log(3)],
      resultDType: "float64",
    },
    {
      name: "no labels: blanks alone; no frames and no labels: certain",
      args: (make) => [make.tensor(even(3, 2)), ...ints(make, [[0], [0]], [3, 0], [0, 0])],
      expect: [Math.log(27), 0],
      resultDType: "float64",
    },
    {
      name: "impossible alignments",
      args: (make) => [
        make.tensor(even(3, 2)),
        ...ints(
          make,
          [
            [1, 1],
            [1, 2],
          ],
          [2, 0],
          [2, 2],
        ),
      ],
      expect: [INFINITY, INFINITY],
      grads: [
        [0, 1, 2].map(() => [
          [0, 0, 0],
          [0, 0, 0],
        ]),
      ],
      gradient: "the loss is infinite",
      resultDType: "float64",
    },
    {
      name: "impossible alignments that cost nothing",
      args: (make) => [make.tensor(even(3, 1)), ...ints(make, [[1, 1]], [2], [2]), { zeroInfinity: true }],
      expect: [0],
      grads: [[0, 1, 2].map(() => [[0, 0, 0]])],
      resultDType: "float64",
    },
    {
      name: "another blank",
      args: (make) => [make.tensor(even(3, 1)), ...ints(make, [[0, 1]], [3], [2]), { blank: -1 }],
      expect: [Math.log(27 / 5)],
      resultDType: "float64",
    },
    {
      name: "logits",
      args: (make) => [make.tensor(LOGITS), ...ints(make, [[1, 3, 3]], [5], [3]), { logits: true }],
      composed: ((x: never, ...rest: never[]) => ctc(logSoftmax(x, -1), rest[0]!, rest[1]!, rest[2]!)) as never,
      resultDType: "float64",
    },
    {
      name: "batch first",
      args: (make) => {
        const x = make.tensor(LOGITS.map(([row]) => row!));
        return [permute(x.reshape([1, 5, 4]), [1, 0, 2]), ...ints(make, [[2, 1]], [5], [2]), { logits: true }];
      },
      composed: ((x: never, ...rest: never[]) => ctc(logSoftmax(x, -1), rest[0]!, rest[1]!, rest[2]!)) as never,
      resultDType: "float64",
    },
  ],
  errors: [
    {
      args: ({ index }) => [even(2, 1), index([[0]]), index([2]), index([1])],
      error: ArgumentError,
      message: /ctc: the blank must not stand among the targets.*0 at position 0/,
    },
    {
      args: ({ index }) => [even(2, 1), index([[3]]), index([2]), index([1])],
      error: IndexOutOfRangeError,
      message: /ctc: a target is not a class.*3 at position 0.*0 to 2, without 0/,
    },
    {
      args: ({ index }) => [even(2, 1), index([[1]]), index([3]), index([1])],
      error: IndexOutOfRangeError,
      message: /ctc: one of the inputLengths is out of range.*3 at position 0.*0 to 2/,
    },
    {
      args: ({ index }) => [even(2, 1), index([[1]]), index([2]), index([2])],
      error: IndexOutOfRangeError,
      message: /ctc: one of the targetLengths is out of range.*2 at position 0.*0 to 1/,
    },
    {
      args: ({ index }) => [even(2, 1), index([1, 2]), index([2]), index([1])],
      error: ArgumentError,
      message: /ctc: concatenated targets must be as long as their lengths together.*2 targets.*together 1/,
    },
    {
      args: ({ index }) => [even(2, 2), index([[1]]), index([2, 2]), index([1, 1])],
      error: ShapeError,
      message: /ctc: the targets do not fit the batch.*\[1, 1\].*\[2, 2, 3\].*\[2, S\]/,
    },
    {
      args: ({ index }) => [even(2, 2), index([1, 1]), index([2]), index([1, 1])],
      error: ShapeError,
      message: /ctc: there must be one of the inputLengths for each sample.*\[1\].*\[2\]/,
    },
    {
      args: ({ index }) => [[[THIRD, THIRD, THIRD]], index([1]), index([1]), index([1])],
      error: ShapeError,
      message: /ctc: the input must have 3 dimensions.*\[1, 3\].*\[T, N, C\]/,
    },
    {
      args: ({ tensor, index }) => [even(2, 1), tensor([[1]]), index([2]), index([1])],
      error: DTypeError,
      message: /ctc: the targets must be whole numbers.*float/,
    },
    {
      args: ({ index }) => [even(2, 1), index([[1]]), index([2]), index([1]), { blank: 3 }],
      error: IndexOutOfRangeError,
      message: /ctc: the blank is not a class.*3.*from -3 to 2/,
    },
  ],
};
