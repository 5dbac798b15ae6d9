import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atanh,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  ceil,
  celu,
  clamp,
  cos,
  cosh,
  div,
  elu,
  eq,
  erf,
  exp,
  floor,
  fmod,
  ge,
  gelu,
  gt,
  hardswish,
  isFloatingPoint,
  isinf,
  isnan,
  le,
  leakyRelu,
  log,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  maximum,
  minimum,
  mish,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  remainder,
  round,
  sigmoid,
  sign,
  sin,
  sinh,
  softplus,
  sqrt,
  sub,
  type Tensor,
  tan,
  tanh,
  to,
  trunc,
  where,
  zerosLike,
} from "@tenon/numerics";
import { dtypeOfOnnx } from "../data-types.ts";
import { intAttribute, stringAttribute } from "../operators/operator.ts";
import {
  binary,
  floatAttribute,
  type NodeCall,
  type Operation,
  unary,
  unsupportedForm,
  variadic,
} from "./operation.ts";

/** ONNX's division of integers cuts off the fraction; ours gives floats. */
function divide({ inputs: [a, b] }: NodeCall): Tensor {
  return isFloatingPoint(a!.dtype) ? div(a!, b!) : to(trunc(div(to(a!, "float64"), to(b!, "float64"))), a!.dtype);
}

function cast({ inputs: [x], attributes }: NodeCall): Tensor {
  const dtype = dtypeOfOnnx(intAttribute(attributes, "to", 0));
  return dtype === undefined ? unsupportedForm("Cast to an element type that Tenon has not") : to(x!, dtype);
}

function clip({ inputs: [x, min, max] }: NodeCall): Tensor {
  if (min == null && max == null) return x!;
  return clamp(x!, { ...(min == null ? {} : { min }), ...(max == null ? {} : { max }) });
}

function dropout({ inputs: [x, , training], outputs }: NodeCall): Tensor[] {
  if (training?.item() === true) unsupportedForm("Dropout in training mode is random");
  return outputs === 1 ? [x!] : [x!, eq(zerosLike(x!), 0)];
}

function geluOf({ inputs: [x], attributes }: NodeCall): Tensor {
  return gelu(x!, { approximate: stringAttribute(attributes, "approximate", "none") as "none" | "tanh" });
}

function hardSigmoid({ inputs: [x], attributes }: NodeCall): Tensor {
  const line = add(mul(x!, floatAttribute(attributes, "alpha", 0.2)), floatAttribute(attributes, "beta", 0.5));
  return clamp(line, { min: 0, max: 1 });
}

function infinite({ inputs: [x], attributes }: NodeCall): Tensor {
  const positive = intAttribute(attributes, "detect_positive", 1) === 1;
  const negative = intAttribute(attributes, "detect_negative", 1) === 1;
  if (positive && negative) return isinf(x!);
  const wanted = positive ? gt(x!, 0) : negative ? lt(x!, 0) : lt(x!, x!);
  return logicalAnd(isinf(x!), wanted);
}

function modulo({ inputs: [a, b], attributes }: NodeCall): Tensor {
  return (intAttribute(attributes, "fmod", 0) === 1 ? fmod : remainder)(a!, b!);
}

function power({ inputs: [x, exponent] }: NodeCall): Tensor {
  return to(pow(x!, exponent!), x!.dtype);
}

function prelu({ inputs: [x, slope] }: NodeCall): Tensor {
  return where(lt(x!, 0), mul(x!, slope!), x!);
}

function scaledElu({ inputs: [x], attributes }: NodeCall): Tensor {
  const alpha = floatAttribute(attributes, "alpha", 1.6732632423543772);
  return mul(elu(x!, { alpha }), floatAttribute(attributes, "gamma", 1.0507009873554805));
}

function shrink({ inputs: [x], attributes }: NodeCall): Tensor {
  const bias = floatAttribute(attributes, "bias", 0);
  const lambda = floatAttribute(attributes, "lambd", 0.5);
  const shrunk = where(lt(x!, -lambda), add(x!, bias), where(gt(x!, lambda), sub(x!, bias), zerosLike(x!)));
  return to(shrunk, x!.dtype);
}

/** Elementwise operators, by ONNX's names. */
export const elementwise: Readonly<Record<string, Operation>> = {
  Abs: unary(abs),
  Acos: unary(acos),
  Acosh: unary(acosh),
  Add: binary(add),
  And: binary(logicalAnd),
  Asin: unary(asin),
  Asinh: unary(asinh),
  Atan: unary(atan),
  Atanh: unary(atanh),
  BitwiseAnd: binary(bitwiseAnd),
  BitwiseNot: unary(bitwiseNot),
  BitwiseOr: binary(bitwiseOr),
  BitwiseXor: binary(bitwiseXor),
  Cast: cast,
  CastLike: ({ inputs: [x, like] }) => to(x!, like!.dtype),
  Ceil: unary(ceil),
  Celu: ({ inputs: [x], attributes }) => celu(x!, { alpha: floatAttribute(attributes, "alpha", 1) }),
  Clip: clip,
  Cos: unary(cos),
  Cosh: unary(cosh),
  Div: divide,
  Dropout: dropout,
  Elu: ({ inputs: [x], attributes }) => elu(x!, { alpha: floatAttribute(attributes, "alpha", 1) }),
  Equal: binary(eq),
  Erf: unary(erf),
  Exp: unary(exp),
  Floor: unary(floor),
  Gelu: geluOf,
  Greater: binary(gt),
  GreaterOrEqual: binary(ge),
  HardSigmoid: hardSigmoid,
  HardSwish: unary(hardswish),
  Identity: ({ inputs: [x] }) => x!,
  IsInf: infinite,
  IsNaN: unary(isnan),
  LeakyRelu: ({ inputs: [x], attributes }) =>
    leakyRelu(x!, { negativeSlope: floatAttribute(attributes, "alpha", 0.01) }),
  Less: binary(lt),
  LessOrEqual: binary(le),
  Log: unary(log),
  Max: variadic(maximum),
  Mean: (call) => div(variadic(add)(call) as Tensor, call.inputs.length),
  Min: variadic(minimum),
  Mish: unary(mish),
  Mod: modulo,
  Mul: binary(mul),
  Neg: unary(neg),
  Not: unary(logicalNot),
  Or: binary(logicalOr),
  Pow: power,
  PRelu: prelu,
  Reciprocal: unary(reciprocal),
  Relu: unary(relu),
  Round: unary(round),
  Selu: scaledElu,
  Shrink: shrink,
  Sigmoid: unary(sigmoid),
  Sign: unary(sign),
  Sin: unary(sin),
  Sinh: unary(sinh),
  Softplus: unary(softplus),
  Softsign: ({ inputs: [x] }) => div(x!, add(abs(x!), 1)),
  Sqrt: unary(sqrt),
  Sub: binary(sub),
  Sum: variadic(add),
  Tan: unary(tan),
  Tanh: unary(tanh),
  ThresholdedRelu: ({ inputs: [x], attributes }) =>
    where(gt(x!, floatAttribute(attributes, "alpha", 1)), x!, zerosLike(x!)),
  Where: ({ inputs: [condition, a, b] }) => where(condition!, a!, b!),
  Xor: binary(logicalXor),
};
