import { noGrad } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import type { AffineOptions } from "../families/normalization.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { batchNorm } from "./batch-norm.ts";
import { contiguous } from "./contiguous.ts";
import { copy_ } from "./copy-into.ts";
import { expand } from "./expand.ts";
import { mean } from "./mean.ts";
import { reshape } from "./reshape.ts";

export interface InstanceNormOptions extends AffineOptions {
  /** Normalises each sample with its own statistics; else with the running ones. Default true. */
  readonly useInputStats?: boolean;
  /** Weight of the samples' mean statistics in the running ones. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Normalises each channel of each sample: `y = (x - mean) / sqrt(var + eps) * weight + bias`. `[N, C, ...S]` to the same shape; weight, bias and
 * running statistics `[C]`; eps 1e-5. It is batch norm in which every sample has channels of its own.
 * Source: Ulyanov, Vedaldi, Lempitsky, "Instance normalization" (2016).
 * @throws ShapeError without a dimension behind the channels.
 */
export function instanceNorm(
  x: TensorArg,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  options: InstanceNormOptions = {},
): Tensor {
  const t = asTensor(x);
  const [samples, channels] = t.shape;
  if (t.ndim < 3) {
    throw new ShapeError({ op: "instanceNorm", rule: "takes [N, C, ...S]", received: formatShape(t.shape) });
  }
  const { useInputStats = true, weight, bias, ...rest } = options;
  const each = (v: Tensor) => reshape(expand(v, [samples!, channels!]), [samples! * channels!]);
  const wide = (v: Tensor | null | undefined) => (v === null || v === undefined ? null : each(v));
  const [means, variances] = noGrad(() =>
    [runningMean, runningVar].map((v) => (v === null ? null : contiguous(each(v)))),
  );
  const flat = reshape(t, [1, samples! * channels!, ...t.shape.slice(2)]);
  const affine = { ...rest, weight: wide(weight), bias: wide(bias), training: useInputStats };
  const y = batchNorm(flat, means ?? null, variances ?? null, affine);
  if (useInputStats && runningMean !== null && runningVar !== null) {
    noGrad(() => {
      copy_(runningMean, mean(reshape(means!, [samples!, channels!]), 0));
      copy_(runningVar, mean(reshape(variances!, [samples!, channels!]), 0));
    });
  }
  return reshape(y, t.shape);
}
