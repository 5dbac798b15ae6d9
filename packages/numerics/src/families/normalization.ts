import { ShapeError } from "../errors.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { add } from "../ops/add.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { rsqrt } from "../ops/rsqrt.ts";
import { sub } from "../ops/sub.ts";
import { formatShape, type Shape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

export interface AffineOptions {
  /** Factor after normalisation. Default 1. */
  readonly weight?: Tensor | null;
  /** Added last. Default 0. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}

export interface NormAttrs {
  readonly eps: number;
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
}

/** The inputs of a normalisation as its definition takes them: x, then weight and bias where there are any. */
export function normInputs(
  op: string,
  x: Tensor,
  shape: Shape,
  { weight = null, bias = null, eps = 1e-5 }: AffineOptions,
): { inputs: Tensor[]; attrs: NormAttrs } {
  const given: readonly (readonly [string, Tensor | null])[] = [
    ["weight", weight],
    ["bias", bias],
  ];
  for (const [name, value] of given) {
    if (value !== null && !sameShape(value.shape, shape)) {
      throw new ShapeError({
        op,
        rule: `${name} does not fit`,
        received: formatShape(value.shape),
        expected: formatShape(shape),
      });
    }
  }
  const affine = [weight, bias].filter((t) => t !== null).map((t) => t.to(x.dtype));
  return { inputs: [x, ...affine], attrs: { eps, hasWeight: weight !== null, hasBias: bias !== null } };
}

/** Weight and bias among the inputs. */
export function affineOf<T>(inputs: readonly T[], { hasWeight, hasBias }: NormAttrs): { weight?: T; bias?: T } {
  const out: { weight?: T; bias?: T } = {};
  if (hasWeight) out.weight = inputs[1]!;
  if (hasBias) out.bias = inputs[hasWeight ? 2 : 1]!;
  return out;
}

/** Gradients in the order of the inputs. The affine ones may have the shape that weight and bias were stretched to. */
export function inputGradients(
  { hasWeight, hasBias }: NormAttrs,
  dx: Tensor | null,
  dweight: Tensor | null,
  dbias: Tensor | null,
): (Tensor | null)[] {
  return [dx, ...(hasWeight ? [dweight] : []), ...(hasBias ? [dbias] : [])];
}

/**
 * The gradients of `(x - mean) / sqrt(var + eps) * weight + bias` in operations, statistics over `dims`: for higher derivatives. `weight` must
 * broadcast to x.
 */
export function composedNormGradient(
  x: Tensor,
  dy: Tensor,
  weight: Tensor | undefined,
  dims: readonly number[],
  eps: number,
): { dx: Tensor; dweight: Tensor; dbias: Tensor } {
  const average = (t: Tensor) => mean(t, dims, { keepdim: true });
  const centred = sub(x, average(x));
  const rstd = rsqrt(add(average(mul(centred, centred)), eps));
  const hat = mul(centred, rstd);
  const g = weight === undefined ? dy : mul(dy, weight);
  const dx = mul(rstd, sub(sub(g, average(g)), mul(hat, average(mul(g, hat)))));
  return { dx, dweight: mul(dy, hat), dbias: dy };
}

/** An ONNX constant of ones or zeros for an affine input that is not there. */
export function onnxFilled(g: OnnxBuilder, x: OnnxValue, shape: Shape, value: number): OnnxValue {
  return g.constant(new Array<number>(shape.reduce((n, s) => n * s, 1)).fill(value), { dtype: x.dtype, shape });
}
