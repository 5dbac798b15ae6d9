import { isGradEnabled } from "../autograd/grad-mode.ts";
import { floatDType } from "../families/along-dim.ts";
import { affineOf, composedNormGradient, inputGradients, type NormAttrs } from "../families/normalization.ts";
import type { Lowering } from "../graph/onnx.ts";
import { applyMulti, type ManyOutputs, nonDifferentiable, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import type { Shape } from "../shape.ts";
import { sizeOfShape } from "../shape.ts";
import { allocate, type Tensor } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { reshape } from "./reshape.ts";
import { sumTo } from "./sum-to.ts";

/** Normalisation of contiguous rows. */
export interface RowNormAttrs extends NormAttrs {
  /** Elements of a row. */
  readonly n: number;
  /** Weights by channel: channels of a row, and how many rows come before the channels repeat. 0: weights by element. */
  readonly channels: number;
  readonly groups: number;
}

/** How many blocks of rows add up their weights' gradients apart: fixed by the shape, so that threads do not matter. */
function blocksFor(rows: number, n: number): number {
  return Math.max(1, Math.min(16, rows, Math.ceil((rows * n) / 65536)));
}

const gradDefinition: ManyOutputs<RowNormAttrs & { readonly affine: boolean; readonly input: boolean }> = {
  name: "rowNormGrad",
  shape: ([x], { n, channels, groups }) => {
    const weights = { shape: [channels > 0 ? channels * groups : n], dtype: x!.dtype };
    return [{ shape: x!.shape, dtype: x!.dtype }, weights, weights];
  },
  forward: (k, [x, dy, mean, rstd, weight], { n, channels, groups, affine, input }, [xSpec, weightSpec]) => {
    const dtype = xSpec!.dtype as "float32";
    const dx = allocate(input ? xSpec!.shape : [0], dtype);
    const dweight = allocate(affine ? weightSpec!.shape : [0], dtype);
    const dbias = allocate(affine ? weightSpec!.shape : [0], dtype);
    const rows = mean!.size;
    const blocks = blocksFor(rows, n);
    const [source, g] = [contiguous(x!), contiguous(dy!)];
    const w = weight === undefined ? 0 : contiguous(weight).ptr;
    // Room for a vector behind each block's sums: kernels store whole vectors.
    const partial = engine().scratch(8 * blocks * 2 * (weightSpec!.shape[0]! + 8));
    k.normRowsGrad[dtype](
      source.ptr,
      g.ptr,
      w,
      mean!.ptr,
      rstd!.ptr,
      input ? dx.ptr : 0,
      affine ? dweight.ptr : 0,
      affine ? dbias.ptr : 0,
      partial,
      blocks,
      rows,
      n,
      groups,
      channels,
    );
    return [dx, dweight, dbias];
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

/** What tells the normalisations of rows apart: layer norm, group norm. */
export interface RowNormDefinition {
  readonly name: string;
  /** x and a broadcastable weight as the composed gradient wants them: reshaped so that statistics go over `dims`. */
  readonly composed: (shape: Shape, attrs: RowNormAttrs) => { x: Shape; weight: Shape; dims: readonly number[] };
  readonly onnx: Lowering<RowNormAttrs>;
}

/** A normalisation of rows with outputs y, mean and 1 / standard deviation (float64, one for each row). */
export function rowNorm(def: RowNormDefinition): ManyOutputs<RowNormAttrs> {
  return {
    name: def.name,
    shape: ([x], { n }) => {
      const rows = { shape: [n === 0 ? 0 : sizeOfShape(x!.shape) / n], dtype: "float64" } as const;
      return [{ shape: x!.shape, dtype: floatDType(def.name, x!) }, rows, rows];
    },
    forward: (k, inputs, attrs, [ySpec, rowSpec]) => {
      const dtype = ySpec!.dtype as "float32";
      const { weight, bias } = affineOf(inputs.map(contiguous), attrs);
      const [y, mean, rstd] = [
        allocate(ySpec!.shape, dtype),
        allocate(rowSpec!.shape, "float64"),
        allocate(rowSpec!.shape, "float64"),
      ];
      const { n, channels, groups, eps } = attrs;
      const args = [contiguous(inputs[0]!).ptr, weight?.ptr ?? 0, bias?.ptr ?? 0, y.ptr, mean.ptr, rstd.ptr] as const;
      if (y.size > 0) k.normRows[dtype](...args, mean.size, n, groups, channels, eps);
      return [y, mean, rstd];
    },
    gradient: ({ inputs, outputs, dy, specs, attrs, needs }) => {
      const { shape } = specs[0]!;
      const { weight } = affineOf(inputs, attrs);
      const affine = needs.some((need, i) => i > 0 && need);
      const weightSpec = specs[1];
      if (isGradEnabled() || dy.size === 0) {
        const view = def.composed(shape, attrs);
        const w = weight === undefined ? undefined : reshape(weight, view.weight);
        const g = composedNormGradient(reshape(inputs[0]!, view.x), reshape(dy, view.x), w, view.dims, attrs.eps);
        const own = (t: Tensor) => (weightSpec === undefined ? null : reshape(sumTo(t, view.weight), weightSpec.shape));
        return inputGradients(attrs, reshape(g.dx, shape), own(g.dweight), own(g.dbias));
      }
      const args = [inputs[0]!, dy, outputs[1]!, outputs[2]!, ...(weight === undefined ? [] : [weight])];
      const [dx, dweight, dbias] = applyMulti(gradDefinition, args, { ...attrs, affine, input: needs[0]! });
      const own = (t: Tensor) => (affine ? reshape(t, weightSpec!.shape) : null);
      return inputGradients(attrs, needs[0] ? dx! : null, own(dweight!), own(dbias!));
    },
    saves: { inputs: "all", outputs: [1, 2] },
    onnx: def.onnx,
  };
}
