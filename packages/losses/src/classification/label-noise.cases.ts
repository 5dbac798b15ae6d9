import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { biTemperedBinaryLogisticLoss, biTemperedLogisticLoss } from "./bi-tempered-logistic-loss.ts";
import { bootstrappedCrossEntropy } from "./bootstrapped-cross-entropy.ts";
import { taylorCrossEntropy, taylorSoftmaxCrossEntropy } from "./taylor-cross-entropy.ts";

// Values: tools/fixtures/losses/label-noise.py, in arbitrary precision.

const COMMON = {
  "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
  "no rows": { onnx: "onnxruntime refuses to reshape nothing" },
} satisfies Record<string, Partial<Sample>>;
const INFINITE = {
  "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
};

function errors(name: string, wrong: readonly (readonly [options: object, message: RegExp])[]): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[1, 2]], index([2])],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
    },
    ...wrong.map(([options, message]) => ({
      name: JSON.stringify(options),
      args: ({ index }: { index: (data: number[]) => unknown }) => [[[1, 2]], index([0]), options],
      error: ArgumentError,
      message,
    })),
  ];
}

export const cases: OpCases[] = [
  {
    name: "bootstrappedCrossEntropy",
    run: bootstrappedCrossEntropy,
    also: ["BootstrappedCrossEntropyLoss"],
    samples: fixtures("label-noise", "bootstrappedCrossEntropy", { ...COMMON, ...INFINITE }),
    errors: errors("bootstrappedCrossEntropy", [
      [{ beta: 1.5 }, /bootstrappedCrossEntropy: beta must lie in \[0, 1\].*1.5/],
      [{ kind: "firm" }, /bootstrappedCrossEntropy: unknown kind.*"firm".*"soft", "hard"/],
    ]),
  },
  {
    name: "taylorCrossEntropy",
    run: taylorCrossEntropy,
    also: ["TaylorCrossEntropyLoss"],
    samples: fixtures("label-noise", "taylorCrossEntropy", { ...COMMON, ...INFINITE }),
    errors: errors("taylorCrossEntropy", [
      [{ order: 0 }, /taylorCrossEntropy: the order has no meaning here.*0.*a whole number above 0/],
    ]),
  },
  {
    name: "taylorSoftmaxCrossEntropy",
    run: taylorSoftmaxCrossEntropy,
    also: ["TaylorSoftmaxCrossEntropyLoss"],
    samples: fixtures("label-noise", "taylorSoftmaxCrossEntropy", COMMON),
    errors: errors("taylorSoftmaxCrossEntropy", [
      [{ order: 3 }, /taylorSoftmaxCrossEntropy: the order has no meaning here.*3.*an even number above 0/],
    ]),
  },
  {
    name: "biTemperedLogisticLoss",
    run: biTemperedLogisticLoss,
    also: ["BiTemperedLogisticLoss"],
    samples: fixtures("label-noise", "biTemperedLogisticLoss", {
      ...COMMON,
      ...INFINITE,
      "t1 near 1, t2 near 1": { onnx: "float32 cannot tell these temperatures from 1" },
    }),
    errors: errors("biTemperedLogisticLoss", [
      [{ t1: 2 }, /biTemperedLogisticLoss: t1 must lie in \[0, 2\).*2/],
      [{ t2: 0 }, /biTemperedLogisticLoss: t2 must be a number above 0.*0/],
      [{ labelSmoothing: 1 }, /biTemperedLogisticLoss: labelSmoothing must lie in \[0, 1\).*1/],
    ]),
  },
  {
    name: "biTemperedBinaryLogisticLoss",
    run: biTemperedBinaryLogisticLoss,
    also: ["BiTemperedBinaryLogisticLoss"],
    samples: fixtures("label-noise", "biTemperedBinaryLogisticLoss", {
      labels: { gradient: "targets at the edge of their range" },
      "far and right": { gradient: "targets at the edge of their range" },
      "far and wrong": { gradient: "targets at the edge of their range" },
    }),
    errors: [
      {
        args: () => [
          [1, 2],
          [1, 0, 1],
        ],
        error: ShapeError,
        message: /biTemperedBinaryLogisticLoss: input and target differ in shape/,
      },
      {
        args: () => [[1], [1], { t1: -1 }],
        error: ArgumentError,
        message: /biTemperedBinaryLogisticLoss: t1 must lie in \[0, 2\).*-1/,
      },
    ],
  },
];
