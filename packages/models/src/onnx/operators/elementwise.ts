import type { DType } from "@tenon/numerics";
import { dtypeOfOnnx } from "../data-types.ts";
import {
  all,
  broadcast,
  broadcastShapes,
  first,
  floats,
  type Inferred,
  InvalidNode,
  intAttribute,
  integers,
  type NodeFacts,
  numbers,
  type Operator,
  operator,
  sameShape,
} from "./operator.ts";

type AttributeTypes = Operator["attributes"];

const unary = (T: readonly DType[], attributes: AttributeTypes = {}, since = 13): Operator =>
  operator(["T"], sameShape, { types: { T }, attributes, since });

const binary = (T: readonly DType[], attributes: AttributeTypes = {}, since = 13): Operator =>
  operator(["T", "T"], broadcast, { types: { T }, attributes, since });

const comparison = (T: readonly DType[]): Operator =>
  operator(["T", "T"], broadcast, { types: { T }, outputs: ["bool"] });

const test = (T: readonly DType[], attributes: AttributeTypes = {}): Operator =>
  operator(["T"], sameShape, { types: { T }, attributes, outputs: ["bool"] });

/** Arithmetic that shapes are computed with: the elements are known where the inputs' are. */
function arithmetic(compute: (a: number, b: number) => number): Operator {
  return operator(
    ["T", "T"],
    (node): Inferred => {
      const [a, b] = node.inputs.map((x) => x!.ints);
      const { shape } = broadcast(node);
      if (a === undefined || b === undefined || shape.length > 1) return { shape };
      const length = Math.max(a.length, b.length);
      const ints = Array.from({ length }, (_, i) => compute(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!));
      return { shape, ints };
    },
    { types: { T: numbers } },
  );
}

function cast(node: NodeFacts): Inferred {
  const { shape, ints } = first(node);
  const to = intAttribute(node.attributes, "to", 0);
  const dtype = dtypeOfOnnx(to);
  if (dtype === undefined) throw new InvalidNode(`there is no data type ${to}`);
  return dtype === "int64" && ints !== undefined ? { shape, dtype, ints } : { shape, dtype };
}

const bools: readonly DType[] = ["bool"];
const signed: readonly DType[] = ["int8", "int16", "int32", "int64", ...floats];

/** Operators that work on each element by itself, with broadcasting where they take several inputs. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: unary(numbers),
  Acos: unary(floats),
  Acosh: unary(floats),
  Add: arithmetic((a, b) => a + b),
  And: binary(bools),
  Asin: unary(floats),
  Asinh: unary(floats),
  Atan: unary(floats),
  Atanh: unary(floats),
  BitShift: binary(["uint8"], { direction: "string" }),
  BitwiseAnd: binary(integers, {}, 18),
  BitwiseNot: unary(integers, {}, 18),
  BitwiseOr: binary(integers, {}, 18),
  BitwiseXor: binary(integers, {}, 18),
  Cast: operator(["T"], cast, { outputs: ["attribute"], attributes: { to: "int", saturate: "int" } }),
  Ceil: unary(floats),
  Celu: unary(["float32"], { alpha: "float" }),
  Clip: operator(["T", "T?", "T?"], sameShape, { types: { T: numbers } }),
  Cos: unary(floats),
  Cosh: unary(floats),
  Div: arithmetic((a, b) => Math.trunc(a / b)),
  Dropout: operator(["T", "F?", "bool?"], sameShape, {
    types: { T: floats, F: floats },
    outputs: ["T", "bool?"],
    attributes: { seed: "int" },
  }),
  Elu: unary(floats, { alpha: "float" }),
  Equal: comparison(all),
  Erf: unary(numbers),
  Exp: unary(floats),
  Floor: unary(floats),
  Gelu: unary(floats, { approximate: "string" }, 20),
  Greater: comparison(numbers),
  GreaterOrEqual: comparison(numbers),
  HardSigmoid: unary(floats, { alpha: "float", beta: "float" }),
  HardSwish: unary(floats, {}, 14),
  Identity: operator(["T"], (node) => first(node)),
  IsInf: test(["float32", "float64"], { detect_negative: "int", detect_positive: "int" }),
  IsNaN: test(floats),
  LeakyRelu: unary(floats, { alpha: "float" }),
  Less: comparison(numbers),
  LessOrEqual: comparison(numbers),
  Log: unary(floats),
  Max: operator(["T+"], broadcast, { types: { T: numbers } }),
  Mean: operator(["T+"], broadcast, { types: { T: floats } }),
  Min: operator(["T+"], broadcast, { types: { T: numbers } }),
  Mish: unary(floats, {}, 18),
  Mod: binary(numbers, { fmod: "int" }),
  Mul: arithmetic((a, b) => a * b),
  Neg: unary(signed),
  Not: unary(bools),
  Or: binary(bools),
  PRelu: binary([...floats, "int32", "int64"]),
  Pow: operator(["T", "U"], broadcast, { types: { T: ["int32", "int64", ...floats], U: numbers } }),
  Reciprocal: unary(floats),
  Relu: unary(signed),
  Round: unary(floats),
  Selu: unary(floats, { alpha: "float", gamma: "float" }),
  Shrink: unary(numbers, { bias: "float", lambd: "float" }),
  Sigmoid: unary(floats),
  Sign: unary(numbers),
  Sin: unary(floats),
  Sinh: unary(floats),
  Softplus: unary(floats),
  Softsign: unary(floats),
  Sqrt: unary(floats),
  Sub: arithmetic((a, b) => a - b),
  Sum: operator(["T+"], broadcast, { types: { T: floats } }),
  Tan: unary(floats),
  Tanh: unary(floats),
  ThresholdedRelu: unary(floats, { alpha: "float" }),
  Where: operator(["bool", "T", "T"], ({ inputs }) => ({ shape: broadcastShapes(inputs.map((x) => x!.shape)) })),
  Xor: binary(bools),
};
