import {
  axisOf,
  broadcastShapes,
  first,
  floats,
  type Inferred,
  InvalidNode,
  intAttribute,
  intsAttribute,
  type NodeFacts,
  type Operator,
  operator,
  sameShape,
  stringAttribute,
} from "./operator.ts";

function gemm({ inputs, attributes }: NodeFacts): Inferred {
  const [a, b, c] = inputs;
  if (a!.shape.length !== 2 || b!.shape.length !== 2) throw new InvalidNode("Gemm takes matrices");
  const [m, k] = intAttribute(attributes, "transA", 0) ? [...a!.shape].reverse() : a!.shape;
  const [kb, n] = intAttribute(attributes, "transB", 0) ? [...b!.shape].reverse() : b!.shape;
  if (k !== kb) throw new InvalidNode(`inner sizes ${k} and ${kb} differ`);
  const shape = [m!, n!];
  if (c != null && broadcastShapes([c.shape, shape]).some((s, i) => s !== shape[i])) {
    throw new InvalidNode(`C [${c.shape}] does not broadcast to [${shape}]`);
  }
  return { shape };
}

function matmul({ inputs }: NodeFacts): Inferred {
  const [a, b] = inputs.map((x) => x!.shape);
  if (a!.length === 0 || b!.length === 0) throw new InvalidNode("MatMul takes no scalars");
  const left = a!.length === 1 ? [1, ...a!] : a!;
  const right = b!.length === 1 ? [...b!, 1] : b!;
  if (left.at(-1) !== right.at(-2)) throw new InvalidNode(`inner sizes ${left.at(-1)} and ${right.at(-2)} differ`);
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]);
  const rows = a!.length === 1 ? [] : [left.at(-2)!];
  const columns = b!.length === 1 ? [] : [right.at(-1)!];
  return { shape: [...batch, ...rows, ...columns] };
}

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  /** Padding as much as it takes for the output to have the input's size over the stride. */
  readonly same: boolean;
}

/** The window of a convolution or pooling; `kernel` may come from the weight. */
function windowOf({ attributes }: NodeFacts, dims: number, weight?: readonly number[]): Window {
  const kernel = intsAttribute(attributes, "kernel_shape") ?? weight;
  const strides = intsAttribute(attributes, "strides") ?? new Array<number>(dims).fill(1);
  const dilations = intsAttribute(attributes, "dilations") ?? new Array<number>(dims).fill(1);
  const pads = intsAttribute(attributes, "pads") ?? new Array<number>(2 * dims).fill(0);
  const lengths = kernel?.length === dims && strides.length === dims && dilations.length === dims;
  if (!lengths || pads.length !== 2 * dims) throw new InvalidNode(`the window does not fit ${dims} spatial dimensions`);
  if ([...kernel, ...strides, ...dilations].some((s) => s < 1)) throw new InvalidNode("a window size is below 1");
  if (weight?.some((s, i) => s !== kernel[i])) throw new InvalidNode("kernel_shape differs from the weight's");
  const same = stringAttribute(attributes, "auto_pad", "NOTSET").startsWith("SAME");
  return { kernel, strides, pads, dilations, same };
}

function windowed(sizes: readonly number[], window: Window, ceil: boolean): number[] {
  const { kernel, strides, pads, dilations } = window;
  const dims = sizes.length;
  if (window.same) return sizes.map((size, i) => Math.ceil(size / strides[i]!));
  return sizes.map((size, i) => {
    const before = pads[i]!;
    const span = size + before + pads[i + dims]! - dilations[i]! * (kernel[i]! - 1) - 1;
    if (span < 0) throw new InvalidNode(`the window is larger than spatial dimension ${i}`);
    const places = (ceil ? Math.ceil(span / strides[i]!) : Math.floor(span / strides[i]!)) + 1;
    // A last window that would start in the padding behind is dropped.
    return ceil && (places - 1) * strides[i]! >= size + before ? places - 1 : places;
  });
}

function conv(node: NodeFacts): Inferred {
  const [x, w, b] = node.inputs;
  const [n, c, ...sizes] = x!.shape;
  const [outChannels, perGroup, ...kernel] = w!.shape;
  const group = intAttribute(node.attributes, "group", 1);
  if (group < 1 || c !== perGroup! * group || outChannels! % group !== 0) {
    throw new InvalidNode(`weight [${w!.shape}] with group ${group} does not fit input [${x!.shape}]`);
  }
  checkBias(b?.shape, outChannels!);
  return { shape: [n!, outChannels!, ...windowed(sizes, windowOf(node, sizes.length, kernel), false)] };
}

function checkBias(shape: readonly number[] | undefined, channels: number): void {
  if (shape !== undefined && (shape.length !== 1 || shape[0] !== channels)) {
    throw new InvalidNode(`a vector of [${shape}] for ${channels} channels`);
  }
}

function convTranspose(node: NodeFacts): Inferred {
  const [x, w, b] = node.inputs;
  const [n, c, ...sizes] = x!.shape;
  const [inChannels, perGroup, ...weightKernel] = w!.shape;
  const group = intAttribute(node.attributes, "group", 1);
  if (group < 1 || c !== inChannels || inChannels % group !== 0) {
    throw new InvalidNode(`weight [${w!.shape}] with group ${group} does not fit input [${x!.shape}]`);
  }
  checkBias(b?.shape, perGroup! * group);
  const { kernel, strides, pads, dilations, same } = windowOf(node, sizes.length, weightKernel);
  const extra = intsAttribute(node.attributes, "output_padding") ?? sizes.map(() => 0);
  const wanted = intsAttribute(node.attributes, "output_shape")?.slice(-sizes.length);
  if (wanted !== undefined) return { shape: [n!, perGroup! * group, ...wanted] };
  if (same) return { shape: [n!, perGroup! * group, ...sizes.map((size, i) => size * strides[i]!)] };
  const out = sizes.map(
    (size, i) =>
      strides[i]! * (size - 1) + extra[i]! + (kernel[i]! - 1) * dilations[i]! + 1 - pads[i]! - pads[i + sizes.length]!,
  );
  return { shape: [n!, perGroup! * group, ...out] };
}

function pool(node: NodeFacts): Inferred[] {
  const [n, c, ...sizes] = first(node).shape;
  const ceil = intAttribute(node.attributes, "ceil_mode", 0) === 1;
  const shape = [n!, c!, ...windowed(sizes, windowOf(node, sizes.length), ceil)];
  return Array.from({ length: node.outputs }, () => ({ shape }));
}

const globalPool = (node: NodeFacts): Inferred => ({ shape: first(node).shape.map((s, i) => (i < 2 ? s : 1)) });

function perChannel(node: NodeFacts): Inferred[] {
  const { shape } = first(node);
  for (const v of node.inputs.slice(1)) checkBias(v?.shape, shape[1]!);
  return Array.from({ length: node.outputs }, (_, i) => ({ shape: i === 0 ? shape : [shape[1]!] }));
}

function layerNorm(node: NodeFacts): Inferred[] {
  const { shape } = first(node);
  const axis = axisOf(intAttribute(node.attributes, "axis", -1), shape.length);
  const normalized = shape.slice(axis);
  for (const v of node.inputs.slice(1)) {
    if (v != null && broadcastShapes([v.shape, normalized]).some((s, i) => s !== normalized[i])) {
      throw new InvalidNode(`a parameter of [${v.shape}] for normalised dimensions [${normalized}]`);
    }
  }
  const statistics = shape.map((size, i) => (i < axis ? size : 1));
  return Array.from({ length: node.outputs }, (_, i) => ({ shape: i === 0 ? shape : statistics }));
}

function loss({ inputs, attributes }: NodeFacts): Inferred[] {
  const [scores, labels] = inputs.map((x) => x?.shape);
  const [n, c, ...rest] = scores!;
  if (c === undefined || [n, ...rest].join() !== labels!.join()) {
    throw new InvalidNode(`labels [${labels}] do not fit scores [${scores}]`);
  }
  const shape = stringAttribute(attributes, "reduction", "mean") === "none" ? labels! : [];
  return [{ shape }, { shape: scores! }];
}

const windowAttributes = { auto_pad: "string", kernel_shape: "ints", pads: "ints", strides: "ints" } as const;
const types = { T: floats };

/** Products of matrices, convolutions, pooling, normalisation with parameters, losses. */
export const linear: Readonly<Record<string, Operator>> = {
  AveragePool: operator(["T"], pool, {
    since: 19,
    types,
    attributes: { ...windowAttributes, ceil_mode: "int", count_include_pad: "int", dilations: "ints" },
    before: operator(["T"], pool, {
      since: 7,
      types,
      attributes: { ...windowAttributes, ceil_mode: "int", count_include_pad: "int" },
    }),
  }),
  BatchNormalization: operator(["T", "S", "S", "V", "V"], perChannel, {
    since: 9,
    outputs: ["T", "V?", "V?"],
    types: { T: floats, S: floats, V: floats },
    attributes: { epsilon: "float", momentum: "float", training_mode: "int" },
  }),
  Conv: operator(["T", "T", "T?"], conv, {
    since: 1,
    types,
    attributes: { ...windowAttributes, dilations: "ints", group: "int" },
  }),
  ConvTranspose: operator(["T", "T", "T?"], convTranspose, {
    since: 1,
    types,
    attributes: { ...windowAttributes, dilations: "ints", group: "int", output_padding: "ints", output_shape: "ints" },
  }),
  Gemm: operator(["T", "T", "T?"], gemm, {
    types: { T: [...floats, "int32", "int64"] },
    attributes: { alpha: "float", beta: "float", transA: "int", transB: "int" },
  }),
  GlobalAveragePool: operator(["T"], globalPool, { since: 1, types }),
  GlobalMaxPool: operator(["T"], globalPool, { since: 1, types }),
  GroupNormalization: operator(["T", "T", "T"], perChannel, {
    since: 21,
    types,
    attributes: { epsilon: "float", num_groups: "int", stash_type: "int" },
  }),
  InstanceNormalization: operator(["T", "T", "T"], perChannel, {
    since: 6,
    types,
    attributes: { epsilon: "float" },
  }),
  LRN: operator(["T"], sameShape, {
    since: 1,
    types,
    attributes: { alpha: "float", beta: "float", bias: "float", size: "int" },
  }),
  LayerNormalization: operator(["T", "T", "T?"], layerNorm, {
    since: 17,
    types,
    outputs: ["T", "float32?", "float32?"],
    attributes: { axis: "int", epsilon: "float", stash_type: "int" },
  }),
  LpPool: operator(["T"], pool, {
    since: 2,
    types,
    attributes: { ...windowAttributes, ceil_mode: "int", dilations: "ints", p: "int" },
  }),
  MatMul: operator(["T", "T"], matmul, { types: { T: [...floats, "int32", "int64"] } }),
  MaxPool: operator(["T"], pool, {
    since: 1,
    types: { T: [...floats, "int8", "uint8"] },
    outputs: ["T", "int64?"],
    attributes: { ...windowAttributes, ceil_mode: "int", dilations: "ints", storage_order: "int" },
  }),
  NegativeLogLikelihoodLoss: operator(["T", "I", "T?"], loss, {
    since: 12,
    types: { T: floats, I: ["int32", "int64"] },
    attributes: { ignore_index: "int", reduction: "string" },
  }),
  RMSNormalization: operator(["T", "T"], layerNorm, {
    since: 23,
    types,
    attributes: { axis: "int", epsilon: "float", stash_type: "int" },
  }),
  SoftmaxCrossEntropyLoss: operator(["T", "I", "T?"], loss, {
    since: 12,
    outputs: ["T", "T?"],
    types: { T: floats, I: ["int32", "int64"] },
    attributes: { ignore_index: "int", reduction: "string" },
  }),
};
