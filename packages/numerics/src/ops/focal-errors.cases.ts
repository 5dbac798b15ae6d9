import { ArgumentError } from "../errors.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { asymmetricError, binaryBrierError, qualityFocalError, varifocalError } from "./focal-errors.ts";

// Values and gradients in other digits: the losses asymmetricLoss, qualityFocalLoss, varifocalLoss and binaryBrierLoss have them in
// tools/fixtures/losses/single-logits.py.

const X = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const T = [
  [1, 0, 0.5],
  [0.25, 1, 0],
];
const INF = Number.POSITIVE_INFINITY;
const ENDS = [INF, -INF, INF, -INF];
const LABELS = [1, 0, 0, 1];

function errors(name: string) {
  return [
    {
      args: () => [[1], [1], { reduction: "average" }],
      error: ArgumentError,
      message: new RegExp(`${name}: unknown reduction.*"average"`),
    },
  ];
}

/** At infinite logits: right, right, wrong, wrong. */
function infinite(options: object, grads: readonly [input: number[], target: number[]], wrong = INF): Sample {
  return {
    name: `infinite ${JSON.stringify(options)}`,
    args: () => [ENDS, LABELS, { ...options, reduction: "none" }],
    expect: [0, 0, wrong, wrong],
    grads,
    gradient: "finite differences need finite logits",
    onnx: "infinity - infinity",
  };
}

export const asymmetric: OpCases = {
  name: "asymmetricError",
  run: asymmetricError,
  samples: [
    { args: () => [X, T], gradient: "zero at the clip" },
    { args: () => [X, T, { reduction: "sum", clip: 0 }] },
    { args: () => [X, T, { reduction: "none", gammaNeg: 0.5, gammaPos: 2.5, clip: 0.125 }] },
    { args: () => [X, T, { reduction: "none", gammaNeg: 0, gammaPos: 0 }] },
    // With the powers held, the gradient is not that of the value.
    {
      name: "held powers",
      args: () => [[0], [1], { reduction: "none", gammaPos: 2, detachFocus: true }],
      expect: [Math.LN2 / 4],
      grads: [[-0.125], [Math.LN2 / 4 - 0.45 ** 4 * -Math.log(0.55)]],
      gradient: "the powers are constants",
    },
    { name: "broadcast", args: () => [X, [0.5, 1, 0], { gammaNeg: 1 }] },
    infinite({ clip: 0 }, [
      [0, 0, 1, -1],
      [-INF, INF, -INF, INF],
    ]),
  ],
  errors: errors("asymmetricError"),
};

export const qualityFocal: OpCases = {
  name: "qualityFocalError",
  run: qualityFocalError,
  samples: [
    { args: () => [X, T] },
    { args: () => [X, T, { reduction: "none", beta: 0 }] },
    { args: () => [X, T, { reduction: "sum", beta: 2.5 }] },
    { args: () => [X, T, { beta: 1 }] },
    infinite({}, [
      [0, 0, 1, -1],
      [0, 0, -INF, INF],
    ]),
  ],
  errors: errors("qualityFocalError"),
};

export const varifocal: OpCases = {
  name: "varifocalError",
  run: varifocalError,
  samples: [
    { args: () => [X, T], gradient: "a step at a target of 0" },
    { args: () => [X, [0.5, 1, 0.25], { reduction: "sum" }] },
    { args: () => [X, T, { reduction: "none", gamma: 0, alpha: 1 }], gradient: "a step at a target of 0" },
    { args: () => [X, T, { reduction: "none", gamma: 0.5 }], gradient: "a step at a target of 0" },
    infinite({}, [
      [0, 0, 0.75, -1],
      [-INF, 0, -INF, INF],
    ]),
  ],
  errors: errors("varifocalError"),
};

export const binaryBrier: OpCases = {
  name: "binaryBrierError",
  run: binaryBrierError,
  samples: [
    { args: () => [X, T] },
    { args: () => [X, T, { reduction: "none" }] },
    { name: "halfway", args: () => [[1e-8], [0.5], { reduction: "none" }], expect: [6.25e-18], onnx: "float32 sees 0" },
    infinite(
      {},
      [
        [0, 0, 0, 0],
        [0, 0, -2, 2],
      ],
      1,
    ),
  ],
  errors: errors("binaryBrierError"),
};
