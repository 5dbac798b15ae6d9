import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { approxMrrLoss, approxNdcgLoss } from "./approx-losses.ts";
import { bprLoss } from "./bpr-loss.ts";
import { lambdaLoss } from "./lambda-loss.ts";
import { listMleLoss, pListMleLoss } from "./list-mle-loss.ts";
import { listNetLoss, softmaxRankingLoss } from "./list-net-loss.ts";
import { neuralNdcgLoss } from "./neural-ndcg-loss.ts";
import { pairwiseHingeLoss, rankNetLoss } from "./pairwise-losses.ts";

// Values: tools/fixtures/losses/ranking.py, pair by pair in arbitrary precision.

const extra: Readonly<Record<string, Partial<Sample>>> = {
  "no items": { gradient: "0 / 0", onnx: "0 / 0" },
  "far apart and wrong": { gradient: "steps are lost in 1e4" },
  "far apart and right": { gradient: "steps are lost in 1e4" },
};

function errorsOf(name: string): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[1, 2, 3]], index([[1, 2]])],
      error: ShapeError,
      message: new RegExp(`${name}: scores, relevance must have the same shape.*\\[1, 3\\].*\\[1, 2\\]`),
    },
    {
      args: ({ tensor, index }) => [tensor(1), index([1]).squeeze(0)],
      error: ShapeError,
      message: new RegExp(`${name}: a list needs a dimension`),
    },
    {
      args: ({ index }) => [[[1, 2]], index([[1, 2]]), { reduction: "average" }],
      error: ArgumentError,
      message: new RegExp(`${name}: unknown reduction.*"average"`),
    },
  ];
}

function casesOf(
  run: OpCases["run"],
  className: string,
  own: Readonly<Record<string, Partial<Sample>>> = {},
  more: Partial<OpCases> = {},
): OpCases {
  const { name } = run;
  return {
    name,
    run,
    also: [className],
    tolerance: { float64: { relative: 1e-12, absolute: 1e-14 } },
    samples: fixtures("ranking", name, { ...extra, ...own }),
    ...more,
    errors: [...errorsOf(name), ...(more.errors ?? [])],
  };
}

const temperature = (run: { readonly name: string }): ErrorCase => ({
  args: ({ index }) => [[[1, 2]], index([[1, 2]]), { temperature: 0 }],
  error: ArgumentError,
  message: new RegExp(`${run.name}: temperature must be a number above 0.*temperature 0`),
});

export const cases: readonly OpCases[] = [
  casesOf(
    rankNetLoss,
    "RankNetLoss",
    {},
    {
      errors: [
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { sigma: -1 }],
          error: ArgumentError,
          message: /rankNetLoss: sigma must be a number above 0.*sigma -1/,
        },
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { weightBy: "place" }],
          error: ArgumentError,
          message: /rankNetLoss: weightBy must be one of "none", "difference".*"place"/,
        },
      ],
    },
  ),
  casesOf(pairwiseHingeLoss, "PairwiseHingeLoss", {}, { secondGradient: "piecewise linear" }),
  casesOf(listNetLoss, "ListNetLoss"),
  casesOf(softmaxRankingLoss, "SoftmaxRankingLoss"),
  casesOf(listMleLoss, "ListMLELoss", {
    "the last one impossible": { gradient: "finite differences meet infinity", onnx: "infinity - infinity" },
  }),
  casesOf(
    pListMleLoss,
    "PListMLELoss",
    {},
    {
      errors: [
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { positionWeight: [1, 2, 3] }],
          error: ArgumentError,
          message: /pListMleLoss: positionWeight must be one for each place, \[2\].*\[3\]/,
        },
      ],
    },
  ),
  casesOf(
    lambdaLoss,
    "LambdaLoss",
    { "equal scores": { gradient: "places of equal scores jump" } },
    {
      errors: [
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { k: 0 }],
          error: ArgumentError,
          message: /lambdaLoss: k must be a whole number from 1 on.*0/,
        },
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { gain: "exp" }],
          error: ArgumentError,
          message: /lambdaLoss: gain must be one of "exponential", "linear".*"exp"/,
        },
        {
          args: ({ index }) => [[[1, 2]], index([[1, 2]]), { scheme: "ndcg3" }],
          error: ArgumentError,
          message: /lambdaLoss: scheme must be one of "lambdaRank", "ndcg1", "ndcg2", "ndcg2\+\+".*"ndcg3"/,
        },
      ],
    },
  ),
  casesOf(approxNdcgLoss, "ApproxNDCGLoss", {}, { errors: [temperature(approxNdcgLoss)] }),
  casesOf(approxMrrLoss, "ApproxMRRLoss", {}, { errors: [temperature(approxMrrLoss)] }),
  casesOf(
    neuralNdcgLoss,
    "NeuralNDCGLoss",
    { "equal scores": { secondGradient: "a kink where scores are equal" } },
    { errors: [temperature(neuralNdcgLoss)] },
  ),
  {
    name: "bprLoss",
    run: bprLoss,
    also: ["BPRLoss"],
    samples: fixtures("ranking", "bprLoss", { infinite: { gradient: "finite differences meet infinity" } }),
    errors: [
      {
        args: () => [
          [[1], [2]],
          [1, 2],
        ],
        error: ShapeError,
        message: /bprLoss: the shapes would stretch each other.*\[2, 1\].*\[2\]/,
      },
    ],
  },
];
