import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { groupAdvantages } from "./group-advantages.ts";
import { grpoLoss } from "./grpo-loss.ts";
import { policyKlLoss } from "./policy-kl-loss.ts";
import { ppoClipLoss } from "./ppo-clip-loss.ts";
import { ppoValueLoss } from "./ppo-value-loss.ts";
import { sequenceLogProbs } from "./sequence-log-probs.ts";

// Values: tools/fixtures/losses/alignment_policies.py, in arbitrary precision.
// Float64: a ratio is the exponential of a difference of a few nats.
const tolerance: Tolerance = { float64: { relative: 2e-14, absolute: 1e-15 } };
const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };
const padding: Partial<Sample> = { gradient: "finite differences need numbers", onnx: "NaN" };

export const cases: OpCases[] = [
  {
    name: "sequenceLogProbs",
    run: sequenceLogProbs,
    samples: fixtures("alignment-policies", "sequenceLogProbs", {
      "no tokens": nothing,
      saturated: { gradient: "finite differences cannot see a slope at 1e4" },
      "NaN in padding": padding,
    }),
    errors: [
      {
        args: ({ index }) => [[[[1, 2]]], index([[2]])],
        error: IndexOutOfRangeError,
        message: /sequenceLogProbs: a target is not a class.*2 at position 0/,
      },
      {
        args: ({ index, bool }) => [[[[1, 2]]], index([[1]]), { mask: bool([1]) }],
        error: ShapeError,
        message: /sequenceLogProbs: tokens, mask must have the same shape.*\[1, 1\].*\[1\]/,
      },
      {
        args: ({ index }) => [[[[1, 2]]], index([[1]]), { reduction: "max" }],
        error: ArgumentError,
        message: /sequenceLogProbs: reduction must be one of "none", "sum", "mean".*"max"/,
      },
    ],
  },
  {
    name: "policyKlLoss",
    run: policyKlLoss,
    also: ["PolicyKLLoss"],
    samples: fixtures("alignment-policies", "policyKlLoss", {
      "far apart": { gradient: "finite differences cannot see e^80", onnx: "beyond float32" },
      "a cap of 5": { secondGradient: "a straight line beyond the cap" },
      "close to each other": { onnx: "float32 has no digits of e^d - 1 - d left" },
      "NaN and infinity in padding": padding,
      "all masked": nothing,
      "all masked, zero": { gradient: "no token counts" },
    }),
    errors: [
      {
        args: () => [[1], [1], { estimator: "k4" }],
        error: ArgumentError,
        message: /policyKlLoss: estimator must be one of "k1", "k2", "k3".*"k4"/,
      },
      {
        args: () => [[1], [1], { cap: 0 }],
        error: ArgumentError,
        message: /policyKlLoss: cap must be a number above 0/,
      },
      { args: () => [[1, 2], [1]], error: ShapeError, message: /policyKlLoss: policy, reference must have/ },
    ],
    tolerance,
  },
  {
    name: "ppoClipLoss",
    run: ppoClipLoss,
    also: ["PPOClipLoss"],
    samples: fixtures("alignment-policies", "ppoClipLoss", {
      "NaN and infinity in padding": padding,
      overflow: { gradient: "infinite", onnx: "beyond float32" },
      "clipped far out": { gradient: "finite differences cannot see a kink at advantage 0", onnx: "beyond float32" },
      "no actions": nothing,
    }),
    errors: [
      {
        args: () => [[1], [1], [1], { clip: 2 }],
        error: ArgumentError,
        message: /ppoClipLoss: clip must be from 0 to 1/,
      },
      { args: () => [[1], [1], [1], { clipHigh: -1 }], error: ArgumentError, message: /clipHigh must be 0 or more/ },
      { args: () => [[1], [1], [1], { dualClip: 1 }], error: ArgumentError, message: /dualClip must be above 1/ },
      { args: () => [[1], [1, 2], [1]], error: ShapeError, message: /logProbs, oldLogProbs, advantages must have/ },
    ],
    tolerance,
  },
  {
    name: "ppoValueLoss",
    run: ppoValueLoss,
    also: ["PPOValueLoss"],
    samples: fixtures("alignment-policies", "ppoValueLoss", { masked: padding }),
    errors: [
      {
        args: () => [[1], [1], [1], { clip: 0 }],
        error: ArgumentError,
        message: /ppoValueLoss: clip must be above 0/,
      },
      { args: () => [[1], [1, 2], [1]], error: ShapeError, message: /values, oldValues, returns must have/ },
    ],
    tolerance,
  },
  {
    name: "grpoLoss",
    run: grpoLoss,
    also: ["GRPOLoss"],
    samples: fixtures("alignment-policies", "grpoLoss", {
      CISPO: { gradient: "the ratio is a constant weight" },
      "NaN and infinity in padding": padding,
      "far from the reference": { gradient: "finite differences cannot see e^80", onnx: "beyond float32" },
      "SAPO far out": { gradient: "finite differences cannot see a slope at 1e3" },
      "no sequences": nothing,
    }),
    errors: [
      {
        args: () => [[[1]], [[1]], [1], { aggregation: "sum" }],
        error: ArgumentError,
        message: /grpoLoss: aggregation must be one of "grpo", "drGrpo", "dapo", "bnpo", "luspo".*"sum"/,
      },
      {
        args: () => [[[1]], [[1]], [1], { beta: 0.1 }],
        error: ArgumentError,
        message: /grpoLoss: beta must be 0 without referenceLogProbs.*0.1/,
      },
      {
        args: () => [[1], [1], [1]],
        error: ArgumentError,
        message: /logProbs must be sequences of tokens, \[N, T\].*\[1\]/,
      },
      {
        args: () => [[[1, 2]], [[1, 2]], [1, 2, 3]],
        error: ShapeError,
        message: /grpoLoss: logProbs, advantages must have the same shape.*\[1, 2\].*\[3\]/,
      },
      {
        args: () => [[[1]], [[1]], [1], { objective: "reinforce" }],
        error: ArgumentError,
        message: /objective must be one of "clip", "cispo", "sapo"/,
      },
    ],
    tolerance,
  },
  {
    name: "groupAdvantages",
    run: groupAdvantages,
    samples: fixtures("alignment-policies", "groupAdvantages", {
      "all equal": { gradient: "no slope where all are equal" },
      "groups of one": { gradient: "always 0", onnx: "0 / 0 on one of the branches" },
      "tiny and huge": { gradient: "finite differences cannot see a slope at 1e30", onnx: "beyond float32" },
    }),
    errors: [
      { args: () => [[1], { scale: "max" }], error: ArgumentError, message: /groupAdvantages: scale must be one of/ },
      { args: () => [[1], { eps: -1 }], error: ArgumentError, message: /groupAdvantages: eps must be 0 or more/ },
      { args: () => [1], error: ArgumentError, message: /rewards must be groups, \[\.\.\., G\]/ },
    ],
    tolerance,
  },
];
