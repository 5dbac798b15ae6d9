import type { DType } from "@tenon/numerics";
import {
  axisOf,
  constantInts,
  first,
  floats,
  type Inferred,
  InvalidNode,
  intAttribute,
  intsAttribute,
  type NodeFacts,
  numbers,
  type Operator,
  operator,
  sameShape,
} from "./operator.ts";

function reduced(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  const gone = new Set(axes.map((axis) => axisOf(axis, shape.length)));
  return keepDims ? shape.map((s, i) => (gone.has(i) ? 1 : s)) : shape.filter((_, i) => !gone.has(i));
}

function reduceShape(node: NodeFacts, axes: readonly number[] | undefined): Inferred {
  const { shape } = first(node);
  const none = axes === undefined || axes.length === 0;
  if (none && intAttribute(node.attributes, "noop_with_empty_axes", 0) === 1) return { shape };
  const keepDims = intAttribute(node.attributes, "keepdims", 1) === 1;
  return { shape: reduced(shape, none ? shape.map((_, i) => i) : axes, keepDims) };
}

const reduceByInput = (node: NodeFacts): Inferred =>
  reduceShape(node, node.inputs[1] == null ? undefined : constantInts(node, 1, "the axes"));

const reduceByAttribute = (node: NodeFacts): Inferred => reduceShape(node, intsAttribute(node.attributes, "axes"));

const reduceTypes: readonly DType[] = ["int32", "int64", ...floats];

/** A reduction: axes are an input since `since`, an attribute before. */
function reduction(T: readonly DType[] = reduceTypes, since = 18): Operator {
  const types = { T };
  return operator(["T", "int64?"], reduceByInput, {
    since,
    types,
    attributes: { keepdims: "int", noop_with_empty_axes: "int" },
    before: operator(["T"], reduceByAttribute, {
      since: 1,
      types,
      attributes: { axes: "ints", keepdims: "int" },
      inputsAsAttributes: { 1: "axes" },
    }),
  });
}

function argReduce({ inputs, attributes }: NodeFacts): Inferred {
  const { shape } = inputs[0]!;
  const keepDims = intAttribute(attributes, "keepdims", 1) === 1;
  return { shape: reduced(shape, [intAttribute(attributes, "axis", 0)], keepDims) };
}

const argReduction: Operator = operator(["T"], argReduce, {
  types: { T: numbers },
  outputs: ["int64"],
  attributes: { axis: "int", keepdims: "int", select_last_index: "int" },
});

function topK(node: NodeFacts): Inferred[] {
  const { shape } = first(node);
  const axis = axisOf(intAttribute(node.attributes, "axis", -1), shape.length);
  const [k] = constantInts(node, 1, "k");
  if (k! < 0 || k! > shape[axis]!) throw new InvalidNode(`k is ${k} and the axis has ${shape[axis]} elements`);
  const out = shape.map((s, i) => (i === axis ? k! : s));
  return [{ shape: out }, { shape: out }];
}

function alongAxis(node: NodeFacts): Inferred {
  const { shape } = first(node);
  axisOf(intAttribute(node.attributes, "axis", -1), shape.length);
  return { shape };
}

const softmaxForm = { types: { T: floats }, attributes: { axis: "int" } } as const;

/** Before opset 13 all dimensions from the axis on are one. */
const softmax: Operator = operator(["T"], alongAxis, {
  since: 13,
  ...softmaxForm,
  before: operator(["T"], sameShape, { since: 1, ...softmaxForm }),
});

const withMinMaxTypes: readonly DType[] = [...reduceTypes, "int8", "uint8", "bool"];

/** Operators that take several elements together: reductions, searches, normalisations without parameters. */
export const reductions: Readonly<Record<string, Operator>> = {
  ArgMax: argReduction,
  ArgMin: argReduction,
  CumSum: operator(["T", "I"], sameShape, {
    since: 11,
    types: { T: reduceTypes, I: ["int32", "int64"] },
    attributes: { exclusive: "int", reverse: "int" },
  }),
  Hardmax: softmax,
  LogSoftmax: softmax,
  ReduceL1: reduction(),
  ReduceL2: reduction(),
  ReduceLogSum: reduction(),
  ReduceLogSumExp: reduction(),
  ReduceMax: reduction(withMinMaxTypes),
  ReduceMean: reduction(),
  ReduceMin: reduction(withMinMaxTypes),
  ReduceProd: reduction(),
  ReduceSum: reduction(reduceTypes, 13),
  ReduceSumSquare: reduction(),
  Softmax: softmax,
  TopK: operator(["T", "int64"], topK, {
    since: 10,
    types: { T: numbers },
    outputs: ["T", "int64"],
    attributes: { axis: "int", largest: "int", sorted: "int" },
  }),
};
