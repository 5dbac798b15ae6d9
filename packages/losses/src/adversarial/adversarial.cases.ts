import { ArgumentError, GraphError, ShapeError, type Tensor, tanh } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { discriminatorLoss, generatorLoss } from "./adversarial-losses.ts";
import { gradientPenalty } from "./gradient-penalty.ts";

// Values: tools/fixtures/losses/adversarial.py.

export const discriminator: OpCases = {
  name: "discriminatorLoss",
  run: discriminatorLoss,
  also: ["DiscriminatorLoss"],
  secondGradient: "some kinds are piecewise linear",
  samples: fixtures("adversarial", "discriminatorLoss", {
    nothing: { gradient: "nothing to move", onnx: "empty" },
    infinite: { gradient: "finite differences need finite scores" },
  }),
  errors: [
    {
      args: () => [[1, 2], [1]],
      error: ShapeError,
      message: /discriminatorLoss: realScores, fakeScores.*\[2\].*\[1\]/,
    },
    {
      args: () => [[1], [1], { kind: "minimax" }],
      error: ArgumentError,
      message: /discriminatorLoss: kind must be one of "logistic".*minimax/,
    },
  ],
};

export const generator: OpCases = {
  name: "generatorLoss",
  run: generatorLoss,
  also: ["GeneratorLoss"],
  secondGradient: "some kinds are linear",
  samples: fixtures("adversarial", "generatorLoss"),
  errors: [
    { args: () => [[1], { kind: "x" }], error: ArgumentError, message: /generatorLoss: kind must be one of.*"x"/ },
  ],
};

export const penalty: OpCases = {
  name: "gradientPenalty",
  run: (x: Tensor, w: Tensor, v: Tensor, options: object) => {
    const input = x.requiresGrad ? x : x.detach();
    input.requiresGrad = true;
    return gradientPenalty(tanh(input.matmul(w)).matmul(v), input, options);
  },
  onnx: "a graph of ONNX has no gradients",
  secondGradient: "the penalty is made of a gradient already",
  // Two products in float32 before the penalty.
  tolerance: {
    float32: { relative: 2e-5, absolute: 1e-6 },
    float64: 1e-12,
    gradient: { relative: 1e-4, absolute: 1e-6 },
  },
  samples: fixtures("adversarial", "gradientPenalty", { "no slope": { gradient: "the length of 0 has a kink" } }),
};

export const penaltyOfConstants: OpCases = {
  name: "gradientPenalty",
  run: gradientPenalty,
  samples: [],
  errors: [
    {
      args: ({ tensor }) => [tensor([1]).detach(), tensor([1]).detach()],
      error: GraphError,
      message: /the inputs do not require grad/,
    },
  ],
};
