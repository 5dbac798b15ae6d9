import { fromTypedArray } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { coordinates, spread } from "./conv.cases.ts";
import { type ConvTransposeOptions, convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.ts";
import { random } from "./matmul.cases.ts";

type Numbers = Float64Array;

/** The definition: every input element adds its copy of the kernel. */
function loops(x: Tensor, weight: Tensor, bias: Tensor | null | undefined, options: ConvTransposeOptions = {}): Tensor {
  const n = weight.ndim - 2;
  const unbatched = x.ndim === n + 1;
  const xShape = unbatched ? [1, ...x.shape] : x.shape;
  const kernel = weight.shape.slice(2);
  const [stride, dilation] = [spread(options.stride, n, 1), spread(options.dilation, n, 1)];
  const [pad, added] = [spread(options.padding, n, 0), spread(options.outputPadding, n, 0)];
  const out = xShape
    .slice(2)
    .map((s, d) => (s - 1) * stride[d]! - 2 * pad[d]! + dilation[d]! * (kernel[d]! - 1) + added[d]! + 1);
  const groups = options.groups ?? 1;
  const [perGroup, features] = [weight.shape[0]! / groups, weight.shape[1]!];
  const [xs, ws] = [x.data() as Numbers, weight.data() as Numbers];
  const shape = [xShape[0]!, features * groups, ...out];
  const y = new Float64Array(sizeOfShape(shape));
  const taps = sizeOfShape(kernel);
  for (let i = 0; i < xs.length; i++) {
    const [image, c, ...at] = coordinates(i, xShape) as [number, number, ...number[]];
    const group = Math.floor(c / perGroup);
    for (let j = 0; j < features * taps; j++) {
      const [o, ...tap] = coordinates(j, [features, ...kernel]) as [number, ...number[]];
      const place = at.map((p, d) => p * stride[d]! + tap[d]! * dilation[d]! - pad[d]!);
      if (place.some((p, d) => p < 0 || p >= out[d]!)) continue;
      const to = place.reduce((sum, p, d) => sum * out[d]! + p, image * shape[1]! + group * features + o);
      y[to] = y[to]! + xs[i]! * ws[c * features * taps + j]!;
    }
  }
  if (bias !== null && bias !== undefined) {
    const bs = bias.data() as Numbers;
    const size = sizeOfShape(out);
    for (let i = 0; i < y.length; i++) y[i] = y[i]! + bs[Math.floor(i / size) % bs.length]!;
  }
  return fromTypedArray(y, unbatched ? shape.slice(1) : shape);
}

interface Shapes extends ConvTransposeOptions {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly bias?: boolean;
}

function sample({ x, w, bias = true, ...options }: Shapes): Sample {
  const words = JSON.stringify(options).replace(/["{}]/g, "").replace(/[:,]/g, " ");
  return {
    name: `[${x}] by [${w}]${bias ? "" : ", no bias"} ${words}`,
    args: (make) => [
      random(make, 1, x),
      random(make, 2, w),
      bias ? random(make, 3, [w[1]! * (options.groups ?? 1)]) : null,
      options,
    ],
  };
}

const common = {
  composed: loops,
  tolerance: {
    float32: { relative: 2e-6, absolute: 2e-5 },
    float64: { relative: 1e-14, absolute: 1e-13 },
    onnx: { relative: 1e-5, absolute: 1e-5 },
  },
} as const;

export const convTranspose1dCases: OpCases = {
  name: "convTranspose1d",
  run: convTranspose1d,
  ...common,
  samples: [
    { args: () => [[[1, 2]], [[[1, 10]]], null, { stride: 2 }], expect: [[1, 10, 2, 20]] },
    sample({ x: [2, 3, 4], w: [3, 2, 3], stride: 2, padding: 1, outputPadding: 1 }),
    sample({ x: [2, 4], w: [2, 2, 4], stride: 3, padding: 1, outputPadding: 2, groups: 2, dilation: 4 }),
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[[1]]]), tensor([[[1]]]), null, { outputPadding: 1 }],
      error: ArgumentError,
      message: /convTranspose1d: outputPadding must be below stride or dilation/,
    },
    {
      args: ({ tensor }) => [tensor([[[1]]]), tensor([[[1]]]), null, { padding: 1 }],
      error: ShapeError,
      message: /nothing is left after the padding/,
    },
  ],
};

export const convTranspose2dCases: OpCases = {
  name: "convTranspose2d",
  run: convTranspose2d,
  ...common,
  samples: [
    sample({ x: [2, 3, 4, 5], w: [3, 2, 3, 3] }),
    sample({ x: [1, 4, 3, 3], w: [4, 2, 2, 3], stride: [2, 3], padding: [0, 1], groups: 2 }),
    sample({
      x: [2, 3, 3],
      w: [2, 3, 3, 2],
      stride: 2,
      padding: 1,
      outputPadding: [1, 0],
      dilation: [1, 2],
      bias: false,
    }),
    sample({ x: [1, 2, 3, 3], w: [2, 2, 1, 1], outputPadding: 1, stride: 3 }),
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[[[1]]]]), tensor([[[[1]]], [[[1]]]])],
      error: ShapeError,
      message: /convTranspose2d: channels do not fit.*Expected an input \[1, 2, \.\.\.\]/,
    },
  ],
};

export const convTranspose3dCases: OpCases = {
  name: "convTranspose3d",
  run: convTranspose3d,
  ...common,
  samples: [
    sample({ x: [1, 2, 2, 2, 2], w: [2, 2, 2, 1, 3], stride: [1, 2, 1], outputPadding: [0, 1, 0] }),
    sample({ x: [2, 2, 2, 3], w: [2, 1, 2, 2, 2], groups: 2, padding: 1, stride: 2 }),
  ],
};
