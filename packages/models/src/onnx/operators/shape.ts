import { dtypeOfOnnx } from "../data-types.ts";
import {
  all,
  axisOf,
  broadcastShapes,
  constantInts,
  first,
  floats,
  type Inferred,
  InvalidNode,
  indices,
  intAttribute,
  intsAttribute,
  type NodeFacts,
  numbers,
  type Operator,
  operator,
  product,
  sameShape,
  UnknownShape,
} from "./operator.ts";

const KNOWN_INTS = 64;

function reshape(node: NodeFacts): Inferred {
  const { shape, ints } = first(node);
  const wanted = constantInts(node, 1, "the shape");
  const allowZero = intAttribute(node.attributes, "allowzero", 0) === 1;
  if (wanted.filter((s) => s === -1).length > 1) throw new InvalidNode("only one size can be -1");
  const sizes = wanted.map((s, i) => (s === 0 && !allowZero ? shape[i] : s));
  if (sizes.some((s) => s === undefined || s < -1)) throw new InvalidNode(`there is no size for [${wanted}]`);
  const known = product(sizes.filter((s) => s !== -1) as number[]);
  const out = sizes.map((s) => (s === -1 ? product(shape) / known : s!));
  if (product(out) !== product(shape) || out.some((s) => !Number.isInteger(s))) {
    throw new InvalidNode(`[${shape}] does not reshape to [${wanted}]`);
  }
  return { shape: out, ints };
}

function transpose({ inputs, attributes }: NodeFacts): Inferred {
  const { shape } = inputs[0]!;
  const perm = intsAttribute(attributes, "perm") ?? shape.map((_, i) => shape.length - 1 - i);
  if (perm.length !== shape.length || new Set(perm).size !== shape.length || perm.some((p) => shape[p] === undefined)) {
    throw new InvalidNode(`perm [${perm}] does not order ${shape.length} dimensions`);
  }
  return { shape: perm.map((p) => shape[p]!) };
}

function expand(node: NodeFacts): Inferred {
  const wanted = constantInts(node, 1, "the shape");
  if (wanted.some((s) => s < 0)) throw new InvalidNode(`sizes below 0: [${wanted}]`);
  return { shape: broadcastShapes([first(node).shape, wanted]) };
}

/** Axes from the input, or from the attribute that older operator sets have; undefined where neither is there. */
function axesOf(node: NodeFacts): readonly number[] | undefined {
  return node.inputs[1] == null ? intsAttribute(node.attributes, "axes") : constantInts(node, 1, "the axes");
}

function squeeze(node: NodeFacts): Inferred {
  const { shape, ints } = first(node);
  const ones = shape.flatMap((size, i) => (size === 1 ? [i] : []));
  const gone = axesOf(node)?.map((axis) => axisOf(axis, shape.length)) ?? ones;
  if (gone.some((axis) => shape[axis] !== 1))
    throw new InvalidNode(`axes [${gone}] of [${shape}] are not all of size 1`);
  const out = shape.filter((_, i) => !gone.includes(i));
  return { shape: out, ints };
}

function unsqueeze(node: NodeFacts): Inferred {
  const { shape, ints } = first(node);
  const axes = axesOf(node) ?? [];
  const added = new Set(axes.map((axis) => axisOf(axis, shape.length + axes.length)));
  if (added.size !== axes.length) throw new InvalidNode(`axes [${axes}] name one twice`);
  let from = 0;
  const out = Array.from({ length: shape.length + axes.length }, (_, i) => (added.has(i) ? 1 : shape[from++]!));
  return { shape: out, ints };
}

function concat({ inputs, attributes }: NodeFacts): Inferred {
  const values = inputs.map((x) => x!);
  const { shape } = values[0]!;
  const axis = axisOf(intAttribute(attributes, "axis", 0), shape.length);
  let size = 0;
  for (const value of values) {
    const fits = value.shape.length === shape.length && value.shape.every((s, i) => i === axis || s === shape[i]);
    if (!fits) throw new InvalidNode(`[${value.shape}] does not join [${shape}] along axis ${axis}`);
    size += value.shape[axis]!;
  }
  const out = shape.map((s, i) => (i === axis ? size : s));
  const known = values.every((x) => x.ints !== undefined) && shape.length === 1;
  return known ? { shape: out, ints: values.flatMap((x) => x.ints!) } : { shape: out };
}

function split(node: NodeFacts): Inferred[] {
  const { shape } = first(node);
  const axis = axisOf(intAttribute(node.attributes, "axis", 0), shape.length);
  const total = shape[axis]!;
  const each = Math.ceil(total / node.outputs);
  const even = Array.from({ length: node.outputs }, (_, i) => Math.min(each, total - i * each));
  const given = node.inputs[1] == null ? intsAttribute(node.attributes, "split") : constantInts(node, 1, "the sizes");
  const sizes = given ?? even;
  if (sizes.length !== node.outputs || sizes.reduce((a, b) => a + b, 0) !== total) {
    throw new InvalidNode(`sizes [${sizes}] do not split ${total} into ${node.outputs}`);
  }
  return sizes.map((size) => ({ shape: shape.map((s, i) => (i === axis ? size : s)) }));
}

function slice(node: NodeFacts): Inferred {
  const { shape, ints } = first(node);
  const starts = constantInts(node, 1, "the starts");
  const ends = constantInts(node, 2, "the ends");
  const axes = node.inputs[3] == null ? starts.map((_, i) => i) : constantInts(node, 3, "the axes");
  const steps = node.inputs[4] == null ? starts.map(() => 1) : constantInts(node, 4, "the steps");
  const out = [...shape];
  let elements = ints;
  for (let i = 0; i < starts.length; i++) {
    const axis = axisOf(axes[i]!, shape.length);
    const size = shape[axis]!;
    const step = steps[i]!;
    if (step === 0) throw new InvalidNode("a step is 0");
    const clip = (at: number, low: number, high: number) => Math.min(high, Math.max(low, at < 0 ? at + size : at));
    const from = step > 0 ? clip(starts[i]!, 0, size) : clip(starts[i]!, 0, size - 1);
    const to = step > 0 ? clip(ends[i]!, 0, size) : clip(ends[i]!, -1, size - 1);
    out[axis] = Math.max(0, Math.ceil((to - from) / step));
    elements = elements && Array.from({ length: out[axis]! }, (_, k) => elements![from + k * step]!);
  }
  return elements === undefined || shape.length !== 1 ? { shape: out } : { shape: out, ints: elements };
}

function gather({ inputs, attributes }: NodeFacts): Inferred {
  const [x, at] = inputs.map((v) => v!);
  const axis = axisOf(intAttribute(attributes, "axis", 0), x!.shape.length);
  const shape = [...x!.shape.slice(0, axis), ...at!.shape, ...x!.shape.slice(axis + 1)];
  for (const i of at!.ints ?? []) axisOf(i, x!.shape[axis]!);
  if (x!.ints === undefined || at!.ints === undefined) return { shape };
  return { shape, ints: at!.ints.map((i) => x!.ints!.at(i)!) };
}

function gatherElements({ inputs, attributes }: NodeFacts): Inferred {
  const [x, at] = inputs.map((v) => v!);
  axisOf(intAttribute(attributes, "axis", 0), x!.shape.length);
  if (x!.shape.length !== at!.shape.length) throw new InvalidNode("the indices have another rank than the data");
  return { shape: at!.shape };
}

function gatherND({ inputs, attributes }: NodeFacts): Inferred {
  const [x, at] = inputs.map((v) => v!);
  const taken = at!.shape.at(-1)! + intAttribute(attributes, "batch_dims", 0);
  return { shape: [...at!.shape.slice(0, -1), ...x!.shape.slice(taken)] };
}

function pad(node: NodeFacts): Inferred {
  const { shape } = first(node);
  const pads = constantInts(node, 1, "the pads");
  const axes = node.inputs[3] == null ? shape.map((_, i) => i) : constantInts(node, 3, "the axes");
  if (pads.length !== 2 * axes.length) throw new InvalidNode(`${pads.length} pads for ${axes.length} axes`);
  const out = [...shape];
  axes.forEach((a, i) => {
    out[axisOf(a, shape.length)]! += pads[i]! + pads[i + axes.length]!;
  });
  if (out.some((s) => s < 0)) throw new InvalidNode(`pads [${pads}] leave nothing of [${shape}]`);
  return { shape: out };
}

function shapeOf({ inputs, attributes }: NodeFacts): Inferred {
  const { shape } = inputs[0]!;
  const ints = shape.slice(
    intAttribute(attributes, "start", 0),
    attributes.has("end") ? intAttribute(attributes, "end", 0) : shape.length,
  );
  return { shape: [ints.length], ints };
}

function tile(node: NodeFacts): Inferred {
  const { shape } = first(node);
  const repeats = constantInts(node, 1, "the repeats");
  if (repeats.length !== shape.length)
    throw new InvalidNode(`${repeats.length} repeats for ${shape.length} dimensions`);
  return { shape: shape.map((s, i) => s * repeats[i]!) };
}

function range(node: NodeFacts): Inferred {
  const [start, limit, delta] = node.inputs.map((_, i) => constantInts(node, i, "the bounds")[0]!);
  return { shape: [Math.max(0, Math.ceil((limit! - start!) / delta!))] };
}

function oneHot(node: NodeFacts): Inferred {
  const { shape } = first(node);
  const [depth] = constantInts(node, 1, "the depth");
  const axis = axisOf(intAttribute(node.attributes, "axis", -1), shape.length + 1);
  return { shape: [...shape.slice(0, axis), depth!, ...shape.slice(axis)], dtype: node.inputs[2]!.dtype };
}

function eyeLike({ inputs, attributes }: NodeFacts): Inferred {
  const { shape, dtype } = inputs[0]!;
  const given = intAttribute(attributes, "dtype", 0);
  return { shape, dtype: dtypeOfOnnx(given) ?? dtype };
}

function flatten({ inputs, attributes }: NodeFacts): Inferred {
  const { shape } = inputs[0]!;
  const axis = intAttribute(attributes, "axis", 1);
  const at = axis < 0 ? axis + shape.length : axis;
  return { shape: [product(shape.slice(0, at)), product(shape.slice(at))] };
}

function depthToSpace({ inputs, attributes }: NodeFacts): Inferred {
  const [n, c, h, w] = inputs[0]!.shape;
  const block = intAttribute(attributes, "blocksize", 1);
  return { shape: [n!, c! / (block * block), h! * block, w! * block] };
}

const scatter = operator(["T", "I", "T"], sameShape, {
  since: 11,
  types: { T: all, I: indices },
  attributes: { axis: "int", reduction: "string" },
});

/** Axes are an input since opset 13, an attribute before. */
function axesInput(infer: Operator["infer"]): Partial<Operator> {
  return { since: 13, before: operator(["T"], infer, { since: 1, attributes: { axes: "ints" } }) };
}

function constantOfShape(node: NodeFacts): Inferred {
  const value = node.attributes.get("value");
  const dtype = value?.type === "tensor" ? value.value.dtype : "float32";
  const shape = constantInts(node, 0, "the shape");
  if (shape.some((size) => size < 0)) throw new InvalidNode(`sizes below 0: [${shape}]`);
  return { shape, dtype };
}

function constant({ attributes }: NodeFacts): Inferred {
  const [value, ...others] = attributes.values();
  if (value === undefined || others.length > 0) throw new InvalidNode("a constant has one value");
  if (value.type === "tensor") {
    const { shape, dtype, data } = value.value;
    const known = (dtype === "int64" || dtype === "int32") && data !== null && data.length <= KNOWN_INTS;
    return { shape, dtype, ints: known ? Array.from(data as ArrayLike<number>, Number) : undefined };
  }
  const whole = value.type === "int" || value.type === "ints";
  if (value.type === "string" || value.type === "strings") throw new InvalidNode("constants of text are not supported");
  const values = [value.value].flat();
  return {
    shape: Array.isArray(value.value) ? [values.length] : [],
    dtype: whole ? "int64" : "float32",
    ints: whole ? values : undefined,
  };
}

/** Operators that move, select and describe elements. */
export const shapes: Readonly<Record<string, Operator>> = {
  Constant: operator([], constant, {
    since: 1,
    outputs: ["attribute"],
    attributes: {
      value: "tensor",
      value_float: "float",
      value_floats: "floats",
      value_int: "int",
      value_ints: "ints",
    },
  }),
  ConstantOfShape: operator(["int64"], constantOfShape, {
    since: 9,
    outputs: ["attribute"],
    attributes: { value: "tensor" },
  }),
  Concat: operator(["T+"], concat, { since: 4, attributes: { axis: "int" } }),
  DepthToSpace: operator(["T"], depthToSpace, { since: 1, attributes: { blocksize: "int", mode: "string" } }),
  Expand: operator(["T", "int64"], expand, { since: 8 }),
  EyeLike: operator(["T"], eyeLike, {
    since: 9,
    types: { T: all },
    outputs: ["attribute"],
    attributes: { k: "int", dtype: "int" },
  }),
  Flatten: operator(["T"], flatten, { since: 1, attributes: { axis: "int" } }),
  Gather: operator(["T", "I"], gather, { since: 1, types: { T: all, I: indices }, attributes: { axis: "int" } }),
  GatherElements: operator(["T", "I"], gatherElements, {
    since: 11,
    types: { T: all, I: indices },
    attributes: { axis: "int" },
  }),
  GatherND: operator(["T", "int64"], gatherND, { since: 11, attributes: { batch_dims: "int" } }),
  OneHot: operator(["I", "D", "T"], oneHot, {
    since: 9,
    types: { I: numbers, D: numbers, T: all },
    attributes: { axis: "int" },
  }),
  Pad: operator(["T", "int64", "T?", "I?"], pad, {
    since: 18,
    types: { T: all, I: indices },
    attributes: { mode: "string" },
    before: operator(["T", "int64", "T?"], pad, { since: 11, attributes: { mode: "string" } }),
  }),
  Range: operator(["T", "T", "T"], range, {
    since: 11,
    types: { T: ["int16", "int32", "int64", "float32", "float64"] },
  }),
  Reshape: operator(["T", "int64"], reshape, { since: 5, attributes: { allowzero: "int" } }),
  ScatterElements: scatter,
  ScatterND: { ...scatter, inputs: ["T", "int64", "T"], attributes: { reduction: "string" } },
  Shape: operator(["T"], shapeOf, { since: 1, outputs: ["int64"], attributes: { start: "int", end: "int" } }),
  Size: operator(["T"], (node) => ({ shape: [], ints: [product(first(node).shape)] }), { outputs: ["int64"] }),
  Slice: operator(["T", "I", "I", "I?", "I?"], slice, { since: 10, types: { T: all, I: indices } }),
  Split: operator(["T", "int64?"], split, {
    since: 18,
    outputs: ["T+"],
    attributes: { axis: "int", num_outputs: "int" },
    before: operator(["T", "int64?"], split, {
      since: 13,
      outputs: ["T+"],
      attributes: { axis: "int" },
      before: operator(["T"], split, { since: 2, outputs: ["T+"], attributes: { axis: "int", split: "ints" } }),
    }),
  }),
  Squeeze: operator(["T", "int64?"], squeeze, axesInput(squeeze)),
  Tile: operator(["T", "int64"], tile, { since: 6 }),
  Transpose: operator(["T"], transpose, { since: 1, attributes: { perm: "ints" } }),
  Trilu: operator(["T", "int64?"], sameShape, { since: 14, attributes: { upper: "int" } }),
  Unsqueeze: operator(["T", "int64"], unsqueeze, axesInput(unsqueeze)),
};

/** Operators that read between elements. */
export const resampling: Readonly<Record<string, Operator>> = {
  Resize: operator(["T", "F?", "F?", "int64?"], resize, {
    since: 11,
    types: { T: numbers, F: floats },
    attributes: {
      antialias: "int",
      axes: "ints",
      coordinate_transformation_mode: "string",
      cubic_coeff_a: "float",
      exclude_outside: "int",
      extrapolation_value: "float",
      keep_aspect_ratio_policy: "string",
      mode: "string",
      nearest_mode: "string",
    },
  }),
};

function resize(node: NodeFacts): Inferred {
  const { shape } = first(node);
  // Scales are floats, which inference does not follow.
  if (node.inputs[3] == null) throw new UnknownShape("the sizes follow from scales");
  const sizes = constantInts(node, 3, "the sizes");
  const axes = intsAttribute(node.attributes, "axes") ?? shape.map((_, i) => i);
  const out = [...shape];
  axes.forEach((axis, i) => {
    out[axisOf(axis, shape.length)] = sizes[i]!;
  });
  return { shape: out };
}
