import {
  arange,
  cat,
  eq,
  expand,
  fromTypedArray,
  full,
  gather,
  ge,
  le,
  permute,
  reshape,
  scatter,
  scatterAdd,
  sizeOfShape,
  slice,
  squeeze,
  sub,
  type Tensor,
  tensor,
  to,
  unsqueeze,
  where,
  zerosLike,
} from "@tenon/numerics";
import { dtypeOfOnnx } from "../data-types.ts";
import { intAttribute, intsAttribute, stringAttribute } from "../operators/operator.ts";
import { linearIndex, nonNegative, positions, reversed, take, takeList } from "./indexing.ts";
import { axesOf, intsOf, type NodeCall, type Operation, unsupportedForm } from "./operation.ts";

function constant({ attributes }: NodeCall): Tensor {
  const [value] = attributes.values();
  if (value?.type === "tensor" && value.value.data !== null) {
    return fromTypedArray(value.value.data, value.value.shape, value.value.dtype);
  }
  const whole = value?.type === "int" || value?.type === "ints";
  if (!whole && value?.type !== "float" && value?.type !== "floats") return unsupportedForm("Constant of this kind");
  const list = Array.isArray(value.value);
  const data = value.value as number | number[];
  return tensor(data, { dtype: whole ? "int64" : "float32", ...(list ? { shape: [(data as number[]).length] } : {}) });
}

/** No file may make a tensor of more elements out of nothing. */
const MOST_ELEMENTS = 2 ** 31;

function limited(shape: readonly number[]): readonly number[] {
  if (sizeOfShape(shape) > MOST_ELEMENTS) unsupportedForm(`a tensor of shape [${shape}] is too large`);
  return shape;
}

function constantOfShape({ inputs: [sizes], attributes }: NodeCall): Tensor {
  const value = attributes.get("value");
  const shape = limited(intsOf(sizes!));
  if (value?.type !== "tensor") return full(shape, 0);
  return full(shape, value.value.data![0]!, { dtype: value.value.dtype });
}

function expandOf({ inputs: [x, sizes] }: NodeCall): Tensor {
  const wanted = intsOf(sizes!);
  const rank = Math.max(wanted.length, x!.ndim);
  const shape = Array.from({ length: rank }, (_, i) => {
    const size = wanted[i - rank + wanted.length] ?? 1;
    return size === 1 ? (x!.shape[i - rank + x!.ndim] ?? 1) : size;
  });
  return expand(x!, limited(shape));
}

function eyeLike({ inputs: [x], attributes }: NodeCall): Tensor {
  const [rows, columns] = x!.shape;
  const diagonal = sub(positions(columns!, 1, 2), positions(rows!, 0, 2));
  const dtype = dtypeOfOnnx(intAttribute(attributes, "dtype", 0)) ?? x!.dtype;
  return to(eq(diagonal, intAttribute(attributes, "k", 0)), dtype);
}

function flatten({ inputs: [x], attributes }: NodeCall): Tensor {
  const axis = intAttribute(attributes, "axis", 1);
  const at = axis < 0 ? axis + x!.ndim : axis;
  return reshape(x!, [sizeOfShape(x!.shape.slice(0, at)), sizeOfShape(x!.shape.slice(at))]);
}

function gatherElements({ inputs: [x, index], attributes }: NodeCall): Tensor {
  const dim = intAttribute(attributes, "axis", 0);
  return gather(x!, dim, nonNegative(to(index!, "int64"), x!.shape.at(dim)!));
}

function gatherND({ inputs: [x, index], attributes }: NodeCall): Tensor {
  if (intAttribute(attributes, "batch_dims", 0) !== 0) unsupportedForm("GatherND with batch dimensions");
  const depth = index!.shape.at(-1)!;
  const lead = x!.shape.slice(0, depth);
  const rest = x!.shape.slice(depth);
  return take(reshape(x!, [sizeOfShape(lead), ...rest]), 0, linearIndex(index!, lead));
}

function scatterElements({ inputs: [x, index, updates], attributes }: NodeCall): Tensor {
  const dim = intAttribute(attributes, "axis", 0);
  const at = nonNegative(to(index!, "int64"), x!.shape.at(dim)!);
  const reduction = stringAttribute(attributes, "reduction", "none");
  if (reduction === "none") return scatter(x!, dim, at, updates!);
  return reduction === "add" ? scatterAdd(x!, dim, at, updates!) : unsupportedForm(`ScatterElements with ${reduction}`);
}

function scatterND({ inputs: [x, index, updates], attributes }: NodeCall): Tensor {
  const reduction = stringAttribute(attributes, "reduction", "none");
  if (reduction !== "none" && reduction !== "add") unsupportedForm(`ScatterND with ${reduction}`);
  const depth = index!.shape.at(-1)!;
  const lead = x!.shape.slice(0, depth);
  const row = sizeOfShape(x!.shape.slice(depth));
  const at = linearIndex(index!, lead);
  const rows = expand(reshape(at, [at.size, 1]), [at.size, row]);
  const target = reshape(x!, [sizeOfShape(lead), row]);
  const source = reshape(updates!, [at.size, row]);
  return reshape((reduction === "add" ? scatterAdd : scatter)(target, 0, rows, source), x!.shape);
}

function oneHot({ inputs: [index, depth, values], attributes }: NodeCall): Tensor {
  const classes = intsOf(depth!)[0]!;
  const axis = intAttribute(attributes, "axis", -1);
  const at = axis < 0 ? axis + index!.ndim + 1 : axis;
  const wanted = unsqueeze(nonNegative(to(index!, "int64"), classes), at);
  const hit = eq(wanted, positions(classes, at, index!.ndim + 1));
  return where(hit, slice(values!, 0, { start: 1 }), slice(values!, 0, { end: 1 }));
}

function pad({ inputs, attributes }: NodeCall): Tensor {
  const [x, pads, value, axes] = inputs;
  const mode = stringAttribute(attributes, "mode", "constant");
  const amounts = intsOf(pads!);
  const dims = axes == null ? x!.shape.map((_, i) => i) : intsOf(axes);
  return dims.reduce((y, dim, i) => {
    const before = amounts[i]!;
    const after = amounts[i + dims.length]!;
    const size = y.shape.at(dim)!;
    if (mode !== "constant") return takeList(y, dim, sourcePositions(mode, size, before, after));
    const kept = slice(y, dim, { start: Math.max(0, -before), end: size - Math.max(0, -after) });
    const fill = (count: number) => {
      const shape = kept.shape.map((s, d) => (d === (dim < 0 ? dim + y.ndim : dim) ? Math.max(0, count) : s));
      return expand(to(value == null ? 0 : reshape(value, []), y.dtype), shape);
    };
    return cat([fill(before), kept, fill(after)], dim);
  }, x!);
}

/** Which element stands at each position of a padded dimension. */
function sourcePositions(mode: string, size: number, before: number, after: number): number[] {
  const mirror = (i: number) => {
    const period = Math.max(1, 2 * (size - 1));
    const at = ((i % period) + period) % period;
    return at < size ? at : period - at;
  };
  return Array.from({ length: before + size + after }, (_, k) => {
    const i = k - before;
    if (mode === "edge") return Math.min(size - 1, Math.max(0, i));
    return mode === "reflect" ? mirror(i) : ((i % size) + size) % size;
  });
}

function reshapeOf({ inputs: [x, sizes], attributes }: NodeCall): Tensor {
  const copies = intAttribute(attributes, "allowzero", 0) === 0;
  return reshape(
    x!,
    intsOf(sizes!).map((size, i) => (size === 0 && copies ? x!.shape[i]! : size)),
  );
}

function shapeOf({ inputs: [x], attributes }: NodeCall): Tensor {
  const end = attributes.has("end") ? intAttribute(attributes, "end", 0) : x!.ndim;
  const sizes = x!.shape.slice(intAttribute(attributes, "start", 0), end);
  return tensor(sizes, { dtype: "int64", shape: [sizes.length] });
}

function sliceOf({ inputs }: NodeCall): Tensor {
  const [x, starts, ends, axes, steps] = inputs.map((input) => input ?? undefined);
  const from = intsOf(starts!);
  const to_ = intsOf(ends!);
  const dims = axes === undefined ? from.map((_, i) => i) : intsOf(axes);
  const strides = steps === undefined ? from.map(() => 1) : intsOf(steps);
  return dims.reduce((y, dim, i) => {
    const step = strides[i]!;
    if (step > 0) return slice(y, dim, { start: from[i]!, end: to_[i]!, step });
    // From the other end the same positions go upwards.
    const size = y.shape.at(dim)!;
    const mirrored = (at: number) => (at < 0 ? -1 - at : size - 1 - Math.min(at, size - 1));
    const end = to_[i]! < -size ? size : mirrored(to_[i]!);
    return slice(reversed(y, dim), dim, { start: from[i]! < -size ? size : mirrored(from[i]!), end, step: -step });
  }, x!);
}

function split({ inputs: [x, sizes], attributes, outputs }: NodeCall): Tensor[] {
  const dim = intAttribute(attributes, "axis", 0);
  const total = x!.shape.at(dim)!;
  const each = Math.ceil(total / outputs);
  const even = Array.from({ length: outputs }, (_, i) => Math.min(each, total - i * each));
  const lengths = (sizes == null ? intsAttribute(attributes, "split") : intsOf(sizes)) ?? even;
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return slice(x!, dim, { start: end - length, end });
  });
}

function tile({ inputs: [x, repeats] }: NodeCall): Tensor {
  const counts = intsOf(repeats!);
  limited(x!.shape.map((size, i) => size * counts[i]!));
  const spread = x!.shape.flatMap((size, i) => [counts[i]!, size]);
  const apart = reshape(
    x!,
    x!.shape.flatMap((size) => [1, size]),
  );
  return reshape(
    expand(apart, spread),
    x!.shape.map((size, i) => size * counts[i]!),
  );
}

function depthToSpace({ inputs: [x], attributes }: NodeCall): Tensor {
  const [n, c, h, w] = x!.shape as unknown as [number, number, number, number];
  const b = intAttribute(attributes, "blocksize", 1);
  const inner = c / (b * b);
  const columnsFirst = stringAttribute(attributes, "mode", "DCR") === "DCR";
  const apart = columnsFirst
    ? permute(reshape(x!, [n, b, b, inner, h, w]), [0, 3, 4, 1, 5, 2])
    : permute(reshape(x!, [n, inner, b, b, h, w]), [0, 1, 4, 2, 5, 3]);
  return reshape(apart, [n, inner, h * b, w * b]);
}

function triangle({ inputs: [x, k], attributes }: NodeCall): Tensor {
  const [rows, columns] = x!.shape.slice(-2) as [number, number];
  const diagonal = sub(positions(columns, 1, 2), positions(rows, 0, 2));
  const offset = k == null ? 0 : intsOf(k)[0]!;
  const kept = intAttribute(attributes, "upper", 1) === 1 ? ge(diagonal, offset) : le(diagonal, offset);
  return where(kept, x!, zerosLike(x!));
}

/** Operators that move, select and describe elements, by ONNX's names. */
export const shapes: Readonly<Record<string, Operation>> = {
  Concat: ({ inputs, attributes }) => cat(inputs as readonly Tensor[], intAttribute(attributes, "axis", 0)),
  Constant: constant,
  ConstantOfShape: constantOfShape,
  DepthToSpace: depthToSpace,
  Expand: expandOf,
  EyeLike: eyeLike,
  Flatten: flatten,
  Gather: ({ inputs: [x, index], attributes }) => take(x!, intAttribute(attributes, "axis", 0), to(index!, "int64")),
  GatherElements: gatherElements,
  GatherND: gatherND,
  OneHot: oneHot,
  Pad: pad,
  Range: ({ inputs: [start, limit, delta] }) =>
    arange(Number(start!.item()), Number(limit!.item()), Number(delta!.item()), { dtype: start!.dtype }),
  Reshape: reshapeOf,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Shape: shapeOf,
  Size: ({ inputs: [x] }) => tensor(x!.size, { dtype: "int64" }),
  Slice: sliceOf,
  Split: split,
  Squeeze: (call) => squeeze(call.inputs[0]!, axesOf(call)),
  Tile: tile,
  Transpose: ({ inputs: [x], attributes }) =>
    permute(x!, intsAttribute(attributes, "perm") ?? x!.shape.map((_, i) => x!.ndim - 1 - i)),
  Trilu: triangle,
  Unsqueeze: (call) => {
    const axes = axesOf(call)!;
    const rank = call.inputs[0]!.ndim + axes.length;
    const dims = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    return dims.reduce((x, dim) => unsqueeze(x, dim), call.inputs[0]!);
  },
};
