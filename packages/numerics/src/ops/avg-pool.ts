import { asTensor } from "../create.ts";
import {
  batched,
  onnxWindow,
  type Pair,
  pooledSpec,
  type WindowAttrs,
  type WindowOptions,
  windowAttrs,
  windowNumbers,
} from "../families/pooling.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import type { Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { lineAttrs } from "./max-pool.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

interface AvgPoolAttrs extends WindowAttrs {
  readonly countIncludePad: boolean;
  /** 0: the window's size. */
  readonly divisor: number;
}

const definition: OneOutput<AvgPoolAttrs> = {
  name: "avgPool2d",
  shape: ([x], attrs) => pooledSpec("avgPool2d", x!, attrs),
  forward: (k, [x], attrs, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const { planes, numbers } = windowNumbers(x!, spec, attrs);
    const { countIncludePad, divisor } = attrs;
    k.avgPool[spec.dtype as "float32"](contiguous(x!).ptr, y.ptr, planes, numbers, countIncludePad ? 1 : 0, divisor, 0);
    return y;
  },
  gradient: ({ dy, specs: [x], attrs }) => [apply(gradDefinition, [dy], { ...attrs, shape: x!.shape })],
  saves: { inputs: "none" },
  onnx: (g, [x], attrs) => {
    const { dilations: _, ...window } = onnxWindow(attrs);
    const { divisor, kernel } = attrs;
    const include = attrs.countIncludePad || divisor !== 0;
    const y = g.node("AveragePool", [x!], { ...window, count_include_pad: include ? 1 : 0 });
    return divisor === 0 ? y : g.node("Mul", [y, g.constant((kernel[0] * kernel[1]) / divisor)]);
  },
};

/** dy spread evenly over the windows. Linear, so its own gradient is the pool. */
const gradDefinition: OneOutput<AvgPoolAttrs & { readonly shape: Shape }> = {
  name: "avgPoolGrad",
  shape: ([dy], { shape }) => ({ shape, dtype: dy!.dtype }),
  forward: (k, [dy], attrs, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const { planes, numbers } = windowNumbers(spec, dy!, attrs);
    const { countIncludePad, divisor } = attrs;
    k.avgPool[spec.dtype as "float32"](
      contiguous(dy!).ptr,
      dx.ptr,
      planes,
      numbers,
      countIncludePad ? 1 : 0,
      divisor,
      1,
    );
    return dx;
  },
  gradient: ({ dy: v, attrs: { shape: _, ...attrs } }) => [apply(definition, [v], attrs)],
  saves: { inputs: "none" },
  onnx: unsupported("it appears in gradients only"),
};

export interface AvgPoolOptions extends Omit<WindowOptions, "dilation"> {
  /** Whether padding counts as elements. Default true. */
  readonly countIncludePad?: boolean;
  /** What to divide by instead of the window's size. */
  readonly divisorOverride?: number;
}

function complete(attrs: WindowAttrs, { countIncludePad = true, divisorOverride = 0 }: AvgPoolOptions): AvgPoolAttrs {
  return { ...attrs, countIncludePad, divisor: divisorOverride };
}

/**
 * The mean of each window, float32 summed in float64. `[N, C, H, W] -> [N, C, H', W']` (or without N), `H' = floor((H + 2 padding - kernel) /
 * stride) + 1`. `stride` defaults to the kernel. With `ceilMode` windows that start in the padding behind the end are dropped.
 * @throws ShapeError if no window fits; ArgumentError for sizes that cannot be.
 */
export function avgPool2d(x: TensorArg, kernelSize: Pair, stride?: Pair, options: AvgPoolOptions = {}): Tensor {
  const attrs = complete(windowAttrs("avgPool2d", kernelSize, stride, options), options);
  return batched("avgPool2d", asTensor(x), 4, (t) => apply(definition, [t], attrs));
}

/** `avgPool2d` over `[N, C, L]` or `[C, L]`. */
export function avgPool1d(x: TensorArg, kernelSize: number, stride?: number, options: AvgPoolOptions = {}): Tensor {
  const attrs = complete(lineAttrs("avgPool1d", kernelSize, stride, options), options);
  return batched("avgPool1d", asTensor(x), 3, (t) => squeeze(apply(definition, [unsqueeze(t, 2)], attrs), 2));
}
