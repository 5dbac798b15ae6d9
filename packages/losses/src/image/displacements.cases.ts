import { ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { bendingEnergyLoss, diffusionLoss } from "./displacement-losses.ts";

// Values: tools/fixtures/losses/displacements.py.

const losses = [
  { name: "bendingEnergyLoss", run: bendingEnergyLoss, also: ["BendingEnergyLoss"] },
  { name: "diffusionLoss", run: diffusionLoss, also: ["DiffusionLoss"] },
] as const;

export const displacements: OpCases[] = losses.map(({ name, run, also }) => ({
  name,
  run,
  also,
  tolerance: { float64: 1e-13 },
  samples: fixtures("displacements", name, {
    large: { gradient: "differences of 1e9 have few digits", onnx: "the differences in float32" },
    "an infinite displacement": { gradient: "infinity", onnx: "infinity - infinity" },
    nothing: { gradient: "0 / 0", onnx: "0 / 0" },
  }),
  errors: [
    {
      args: ({ tensor }) => [tensor([], { shape: [0, 2, 3] })],
      error: ShapeError,
      message: new RegExp(`${name}: the input must be displacement fields.*\\[0, 2, 3\\].*\\[n, 1, d1\\]`),
    },
    {
      args: () => [[[[1, 2]]]],
      error: ShapeError,
      message: new RegExp(`${name}: the input must be displacement fields`),
    },
    { args: () => [[1, 2, 3]], error: ShapeError, message: new RegExp(`${name}: the input must be a batch of images`) },
    { ...unknownReduction(name, [[[1, 2, 3]]], {}), args: () => [[[[1, 2, 3]]], { reduction: "average" }] },
  ],
}));
