import type { DType } from "@tenon/numerics";
import { dtypeOfOnnx } from "../data-types.ts";
import {
  all,
  broadcast,
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
  sameShapes,
} from "./operator.ts";

type AttributeTypes = Operator["attributes"];

const unary = (T: readonly DType[], attributes: AttributeTypes = {}, since = 1): Operator =>
  operator(["T"], sameShape, { types: { T }, attributes, since });

const binary = (T: readonly DType[], attributes: AttributeTypes = {}, since = 7): Operator =>
  operator(["T", "T"], broadcast, { types: { T }, attributes, since });

const comparison = (T: readonly DType[], since = 7): Operator =>
  operator(["T", "T"], broadcast, { types: { T }, outputs: ["bool"], since });

const test = (T: readonly DType[], since: number, attributes: AttributeTypes = {}): Operator =>
  operator(["T"], sameShape, { types: { T }, attributes, outputs: ["bool"], since });

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
  Acosh: unary(floats, {}, 9),
  Add: arithmetic((a, b) => a + b),
  And: binary(bools),
  Asin: unary(floats),
  Asinh: unary(floats, {}, 9),
  Atan: unary(floats),
  Atanh: unary(floats, {}, 9),
  BitShift: binary(["uint8"], { direction: "string" }, 11),
  BitwiseAnd: binary(integers, {}, 18),
  BitwiseNot: unary(integers, {}, 18),
  BitwiseOr: binary(integers, {}, 18),
  BitwiseXor: binary(integers, {}, 18),
  Cast: operator(["T"], cast, { outputs: ["attribute"], attributes: { to: "int", saturate: "int" } }),
  CastLike: operator(["T", "U"], ({ inputs }) => ({ shape: inputs[0]!.shape, dtype: inputs[1]!.dtype }), {
    since: 15,
    types: { T: all, U: all },
    outputs: ["attribute"],
    attributes: { saturate: "int" },
  }),
  Ceil: unary(floats),
  Celu: unary(["float32"], { alpha: "float" }, 12),
  Clip: operator(["T", "T?", "T?"], sameShape, { since: 11, types: { T: numbers } }),
  Cos: unary(floats),
  Cosh: unary(floats, {}, 9),
  Div: arithmetic((a, b) => Math.trunc(a / b)),
  Dropout: operator(["T", "F?", "bool?"], sameShapes, {
    since: 12,
    types: { T: floats, F: floats },
    outputs: ["T", "bool?"],
    attributes: { seed: "int" },
    before: operator(["T"], sameShapes, {
      types: { T: floats },
      outputs: ["T", "bool?"],
      attributes: { ratio: "float" },
    }),
  }),
  Elu: unary(floats, { alpha: "float" }),
  Equal: comparison(all),
  Erf: unary(numbers, {}, 9),
  Exp: unary(floats),
  Floor: unary(floats),
  Gelu: unary(floats, { approximate: "string" }, 20),
  Greater: comparison(numbers),
  GreaterOrEqual: comparison(numbers, 12),
  HardSigmoid: unary(floats, { alpha: "float", beta: "float" }),
  HardSwish: unary(floats, {}, 14),
  Identity: operator(["T"], (node) => first(node)),
  IsInf: test(floats, 10, { detect_negative: "int", detect_positive: "int" }),
  IsNaN: test(floats, 9),
  LeakyRelu: unary(floats, { alpha: "float" }),
  Less: comparison(numbers),
  LessOrEqual: comparison(numbers, 12),
  Log: unary(floats),
  Max: operator(["T+"], broadcast, { types: { T: numbers } }),
  Mean: operator(["T+"], broadcast, { types: { T: floats } }),
  Min: operator(["T+"], broadcast, { types: { T: numbers } }),
  Mish: unary(floats, {}, 18),
  Mod: binary(numbers, { fmod: "int" }, 10),
  Mul: arithmetic((a, b) => a * b),
  Neg: unary(signed),
  Not: unary(bools),
  Or: binary(bools),
  PRelu: binary([...floats, "int32", "int64"]),
  Pow: operator(["T", "U"], broadcast, { types: { T: ["int32", "int64", ...floats], U: numbers } }),
  Reciprocal: unary(floats),
  Relu: unary(signed),
  Round: unary(floats, {}, 11),
  Selu: unary(floats, { alpha: "float", gamma: "float" }),
  Shrink: unary(numbers, { bias: "float", lambd: "float" }, 9),
  Sigmoid: unary(floats),
  Sign: unary(numbers, {}, 9),
  Sin: unary(floats),
  Sinh: unary(floats, {}, 9),
  Softplus: unary(floats),
  Softsign: unary(floats),
  Sqrt: unary(floats),
  Sub: arithmetic((a, b) => a - b),
  Sum: operator(["T+"], broadcast, { types: { T: floats } }),
  Tan: unary(floats),
  Tanh: unary(floats),
  ThresholdedRelu: unary(floats, { alpha: "float" }, 10),
  Where: operator(["bool", "T", "T"], broadcast, { since: 9 }),
  Xor: binary(bools),
};
