import { fromTypedArray } from "../create.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import { sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { type ConvOptions, conv1d, conv2d, conv3d } from "./conv.ts";
import { random } from "./matmul.cases.ts";

type Numbers = Float64Array;

/** An option for each of n dimensions. */
export function spread(value: number | readonly number[] | undefined, n: number, fallback: number): readonly number[] {
  return typeof value === "object" ? value : new Array<number>(n).fill(value ?? fallback);
}

/** Position of `index` counted row-major through `shape`. */
export function coordinates(index: number, shape: readonly number[]): number[] {
  const at = new Array<number>(shape.length);
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    at[d] = rest % shape[d]!;
    rest = Math.floor(rest / shape[d]!);
  }
  return at;
}

/** The definition: for every output the sum over channels and taps, zero outside. */
function loops(x: Tensor, weight: Tensor, bias: Tensor | null | undefined, options: ConvOptions = {}): Tensor {
  const n = weight.ndim - 2;
  const unbatched = x.ndim === n + 1;
  const xShape = unbatched ? [1, ...x.shape] : x.shape;
  const [size, kernel] = [xShape.slice(2), weight.shape.slice(2)];
  const [stride, dilation] = [spread(options.stride, n, 1), spread(options.dilation, n, 1)];
  const reach = kernel.map((k, d) => (k - 1) * dilation[d]!);
  const same = options.padding === "same";
  const pad = same
    ? reach.map((r) => Math.floor(r / 2))
    : spread(options.padding === "valid" ? 0 : (options.padding as number | undefined), n, 0);
  const out = size.map((s, d) => (same ? s : Math.floor((s + 2 * pad[d]! - reach[d]! - 1) / stride[d]!) + 1));
  const [channels, features] = [weight.shape[1]!, weight.shape[0]!];
  const perGroup = features / (options.groups ?? 1);
  const [xs, ws] = [x.data() as Numbers, weight.data() as Numbers];
  const bs = bias === null || bias === undefined ? null : (bias.data() as Numbers);
  const shape = [xShape[0]!, features, ...out];
  const y = new Float64Array(sizeOfShape(shape));
  for (let i = 0; i < y.length; i++) {
    const [image, o, ...at] = coordinates(i, shape) as [number, number, ...number[]];
    const firstChannel = Math.floor(o / perGroup) * channels;
    let total = bs === null ? 0 : bs[o]!;
    for (let j = 0; j < sizeOfShape(kernel) * channels; j++) {
      const [c, ...tap] = coordinates(j, [channels, ...kernel]) as [number, ...number[]];
      const place = at.map((p, d) => p * stride[d]! + tap[d]! * dilation[d]! - pad[d]!);
      if (place.some((p, d) => p < 0 || p >= size[d]!)) continue;
      const from = place.reduce((sum, p, d) => sum * size[d]! + p, image * xShape[1]! + firstChannel + c);
      total += xs[from]! * ws[o * channels * sizeOfShape(kernel) + j]!;
    }
    y[i] = total;
  }
  return fromTypedArray(y, unbatched ? shape.slice(1) : shape);
}

interface Shapes extends ConvOptions {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly bias?: boolean;
  readonly more?: Partial<Sample>;
}

function sample({ x, w, bias = true, more = {}, ...options }: Shapes): Sample {
  const words = JSON.stringify(options).replace(/["{}]/g, "").replace(/[:,]/g, " ");
  return {
    name: `[${x}] by [${w}]${bias ? "" : ", no bias"} ${words}`,
    args: (make) => [random(make, 1, x), random(make, 2, w), bias ? random(make, 3, w.slice(0, 1)) : null, options],
    ...more,
  };
}

const LARGE = { gradient: "large; both gradients have the other samples", strided: "large" };

const common = {
  composed: loops,
  tolerance: {
    float32: { relative: 2e-6, absolute: 2e-5 },
    float64: { relative: 1e-14, absolute: 1e-13 },
    onnx: { relative: 1e-5, absolute: 1e-5 },
  },
} as const;

export const conv1dCases: OpCases = {
  name: "conv1d",
  run: conv1d,
  ...common,
  samples: [
    { args: () => [[[1, 2, 3, 4]], [[[1, 10]]], [0.5]], expect: [[21.5, 32.5, 43.5]] },
    sample({ x: [2, 2, 9], w: [4, 2, 3] }),
    sample({ x: [3, 4], w: [3, 3, 3], stride: 2, padding: 2 }),
    sample({ x: [2, 4, 8], w: [2, 2, 3], stride: 3, padding: 1, groups: 2, dilation: 2 }),
    sample({ x: [1, 2, 6], w: [2, 1, 4], padding: "same", groups: 2, dilation: 2 }),
    sample({ x: [1, 2, 2600], w: [3, 2, 7], padding: 3, more: LARGE }),
    sample({ x: [0, 2, 9], w: [4, 2, 3] }),
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[1]]), tensor([[1]])],
      error: ShapeError,
      message: /conv1d: wrong number of dimensions.*\[batch, channels, length\]/,
    },
  ],
};

export const conv2dCases: OpCases = {
  name: "conv2d",
  run: conv2d,
  ...common,
  samples: [
    {
      name: "by hand",
      args: () => [
        [
          [
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ],
        ],
        [
          [
            [
              [1, 0],
              [0, -1],
            ],
          ],
        ],
        [0.5],
      ],
      expect: [
        [
          [-3.5, -3.5],
          [-3.5, -3.5],
        ],
      ],
      grads: [
        [
          [
            [1, 1, 0],
            [1, 0, -1],
            [0, -1, -1],
          ],
        ],
        [
          [
            [
              [12, 16],
              [24, 28],
            ],
          ],
        ],
        [4],
      ],
    },
    sample({ x: [2, 3, 6, 7], w: [4, 3, 3, 2] }),
    sample({ x: [3, 6, 7], w: [2, 3, 3, 3], bias: false }),
    sample({ x: [2, 3, 5, 5], w: [5, 3, 3, 3], padding: 1 }),
    sample({ x: [1, 2, 8, 7], w: [3, 2, 3, 3], stride: 2, padding: [1, 0] }),
    sample({ x: [1, 2, 9, 9], w: [3, 2, 2, 3], stride: [3, 2], padding: 2, dilation: [2, 3] }),
    sample({ x: [2, 2, 5, 6], w: [3, 2, 2, 4], padding: "same" }),
    sample({ x: [2, 4, 5, 5], w: [4, 1, 3, 3], padding: 1, groups: 4, more: { name: "depthwise" } }),
    sample({ x: [2, 6, 4, 4], w: [4, 3, 1, 1], groups: 2 }),
    sample({ x: [2, 3, 5, 5], w: [4, 3, 1, 1], stride: 2 }),
    sample({ x: [1, 1, 3, 3], w: [1, 1, 3, 3], padding: 2, stride: 3 }),
    sample({ x: [3, 3, 32, 32], w: [6, 3, 5, 5], more: LARGE }),
    sample({ x: [2, 6, 14, 14], w: [16, 6, 5, 5], more: LARGE }),
    sample({ x: [1, 70, 9, 9], w: [33, 70, 3, 3], padding: 1, more: LARGE }),
    sample({ x: [0, 3, 6, 7], w: [4, 3, 3, 2] }),
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[[[1, 2]]]]), tensor([[[[1]], [[1]]]])],
      error: ShapeError,
      message:
        /conv2d: channels do not fit\. Received input \[1, 1, 1, 2\], weight \[1, 2, 1, 1\], groups 1\. Expected an input \[1, 2, \.\.\.\]/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1, 2]]]]), tensor([[[[1, 2, 3]]]])],
      error: ShapeError,
      message: /the kernel is larger than the padded input/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1]]]]), tensor([[[[1]]]]), tensor([1, 2])],
      error: ShapeError,
      message: /the bias does not fit the weight.*a bias of \[1\]/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1]]]]), tensor([[[[1]]]]), null, { stride: 0 }],
      error: ArgumentError,
      message: /conv2d: stride does not fit\. Received stride 0/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1]]]]), tensor([[[[1]]]]), null, { groups: 2 }],
      error: ArgumentError,
      message: /groups must divide the channels/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1]]]]), tensor([[[[1]]]]), null, { stride: 2, padding: "same" }],
      error: ArgumentError,
      message: /padding "same" needs stride 1/,
    },
    {
      args: ({ tensor }) => [tensor([[[[1]]]], { dtype: "float64" }), tensor([[[[1]]]], { dtype: "float32" })],
      error: DTypeError,
      message: /takes float32 or float64, the same for all operands\. Received float64, float32/,
    },
  ],
};

export const conv3dCases: OpCases = {
  name: "conv3d",
  run: conv3d,
  ...common,
  samples: [
    sample({ x: [2, 2, 3, 4, 3], w: [3, 2, 2, 2, 2] }),
    sample({ x: [2, 3, 4, 3], w: [2, 2, 2, 3, 1], padding: [1, 1, 0], stride: [2, 1, 1] }),
    sample({ x: [1, 2, 4, 4, 4], w: [2, 1, 3, 2, 2], padding: "same", groups: 2 }),
    sample({ x: [1, 1, 5, 5, 5], w: [1, 1, 2, 2, 2], dilation: 2 }),
  ],
};
