import { zerosLike } from "../create.ts";
import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { type AdamStepOptions, adamStep_ } from "./adam-step.ts";
import { clone } from "./clone.ts";

const base = { lr: 0.125, betas: [0.5, 0.75], eps: 0.0625, weightDecay: 0, maximize: false, decoupled: false } as const;

/** Two steps on copies; gives parameter and moments. */
function twoSteps(p: Tensor, g: Tensor, options: Partial<AdamStepOptions> & { amsgrad?: boolean } = {}): Tensor[] {
  const parameter = clone(p).detach();
  const [mean, square] = [zerosLike(parameter), zerosLike(parameter)];
  const greatest = options.amsgrad === true ? zerosLike(parameter) : null;
  for (const step of [1, 2]) adamStep_(parameter, g.detach(), mean, square, greatest, { ...base, ...options, step });
  return greatest === null ? [parameter, mean, square] : [parameter, mean, square, greatest];
}

export const adamStepCases: OpCases = {
  name: "adamStep_",
  run: twoSteps,
  gradient: "steps are not differentiated",
  onnx: "steps are not exported",
  tolerance: { float32: 4e-7 },
  samples: [
    {
      name: "plain",
      args: () => [
        [1, -2, 0.5],
        [0.25, 1, -0.5],
      ],
      expect: [
        [0.8, -2.235294117647059, 0.7222222222222223],
        [0.1875, 0.75, -0.375],
        [0.02734375, 0.4375, 0.109375],
      ],
    },
    {
      name: "with decay",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { weightDecay: 0.5 }],
      expect: [
        [0.770601568661778, -2, 0.6949270613217953],
        [0.5336538461538461, 0, -0.1625],
        [0.2252912352071006, 0, 0.021718750000000002],
      ],
    },
    {
      name: "decoupled decay",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { weightDecay: 0.5, decoupled: true }],
      expect: [
        [0.68515625, -1.9857536764705883, 0.6547309027777779],
        [0.1875, 0.75, -0.375],
        [0.02734375, 0.4375, 0.109375],
      ],
    },
    {
      name: "the greatest moment, climbing",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { amsgrad: true, maximize: true }],
      expect: [
        [1.2000000000000002, -1.7647058823529411, 0.2777777777777778],
        [-0.1875, -0.75, 0.375],
        [0.02734375, 0.4375, 0.109375],
        [0.02734375, 0.4375, 0.109375],
      ],
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([1, 2]), tensor([1])],
      error: ShapeError,
      message: /adamStep_: parameter, gradient and state must have one shape/,
    },
  ],
};
