import { zerosLike } from "../create.ts";
import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { clone } from "./clone.ts";
import { type SgdStepOptions, sgdStep_ } from "./sgd-step.ts";

const base = { lr: 0.125, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, first: true };

/** Two steps on copies; gives parameter and buffer. */
function twoSteps(p: Tensor, g: Tensor, options: Partial<SgdStepOptions> = {}): Tensor[] {
  const parameter = clone(p).detach();
  const buffer = options.momentum === undefined ? null : zerosLike(parameter);
  for (const first of [true, false]) sgdStep_(parameter, g.detach(), buffer, { ...base, ...options, first });
  return buffer === null ? [parameter] : [parameter, buffer];
}

export const sgdStepCases: OpCases = {
  name: "sgdStep_",
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
      expect: [0.9375, -2.25, 0.625],
    },
    {
      name: "momentum",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { momentum: 0.5 }],
      expect: [
        [0.921875, -2.3125, 0.65625],
        [0.375, 1.5, -0.75],
      ],
    },
    {
      name: "dampened, with decay",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { momentum: 0.5, dampening: 0.25, weightDecay: 0.5 }],
      expect: [
        [0.79345703125, -2, 0.56884765625],
        [0.90234375, 0, -0.30078125],
      ],
    },
    {
      name: "looking ahead, climbing",
      args: () => [[1, -2, 0.5], [0.25, 1, -0.5], { momentum: 0.5, nesterov: true, maximize: true }],
      expect: [
        [1.1015625, -1.59375, 0.296875],
        [-0.375, -1.5, 0.75],
      ],
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([1, 2]), tensor([1])],
      error: ShapeError,
      message: /sgdStep_: parameter, gradient and state must have one shape/,
    },
  ],
};
