import {
  type DType,
  GraphError,
  numberToBfloat16,
  numberToFloat16,
  type OnnxAttribute,
  type OnnxBuilder,
  type OnnxNodeOptions,
  type OnnxValue,
  sizeOfShape,
  Tensor,
  type TypedArray,
  typedArrayClass,
} from "@tenon/numerics";
import { onnxOfDType } from "./data-types.ts";
import type { Initializer, OnnxGraph, OnnxNode } from "./ir.ts";
import { allowedTypes, checkNode, inputToken, sameVariable, typeAttribute } from "./operators/check-node.ts";
import {
  type Attributes,
  InvalidNode,
  type Operator,
  type TypedAttribute,
  type ValueType,
} from "./operators/operator.ts";
import { findOperator } from "./operators/table.ts";

/** A constant gets its dtype and its name where it is used. */
class PendingConstant implements OnnxValue {
  readonly name = "";
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Whether `dtype` is only what it is without company. */
  readonly weak: boolean;
  readonly values: ArrayLike<number | bigint>;
  readonly made = new Map<DType, OnnxValue>();

  constructor(values: ArrayLike<number | bigint>, shape: readonly number[], dtype: DType | undefined) {
    this.values = values;
    this.shape = shape;
    this.dtype = dtype ?? "float32";
    this.weak = dtype === undefined;
  }
}

/** Integer constants up to this many elements are known to shape inference. */
const KNOWN_INTS = 64;

/** Collects the nodes of one graph, checks each as it comes, and gives names. What lowerings see of the exporter. */
export class GraphBuilder implements OnnxBuilder {
  readonly opset: number;
  readonly #inputs: string[] = [];
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #values = new Map<string, ValueType>();
  readonly #domains = new Set<string>();
  readonly #used = new Map<string, number>();
  #module = "";
  #op = "";

  /** `reserved` are names that nothing inside may take. */
  constructor(opset: number, reserved: readonly string[]) {
    this.opset = opset;
    for (const name of reserved) this.#used.set(name, 1);
  }

  /** What the next nodes belong to. */
  enter(op: string, module: string): void {
    this.#op = op;
    this.#module = module;
  }

  get origin(): string {
    return this.#module === "" ? this.#op : `${this.#op} in ${this.#module}`;
  }

  input(name: string, { shape, dtype }: ValueType): OnnxValue {
    const value = this.#define(this.#unique(name), { shape, dtype });
    this.#inputs.push(value.name);
    return value;
  }

  /** A parameter or buffer of the model, under its own name. */
  parameter(name: string, tensor: Tensor): OnnxValue {
    return this.#initializer(this.#unique(name), tensor.shape, tensor.dtype, tensor);
  }

  node(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes?: Readonly<Record<string, OnnxAttribute | undefined>>,
    options: OnnxNodeOptions = {},
  ): OnnxValue {
    return this.nodes(opType, inputs, attributes, { outputs: 1, ...options })[0]!;
  }

  nodes(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes: Readonly<Record<string, OnnxAttribute | undefined>> | undefined,
    options: OnnxNodeOptions & { readonly outputs: number },
  ): OnnxValue[] {
    const { outputs, domain = "", specs } = options;
    try {
      const operator = specs === undefined ? this.#operator(opType, domain) : undefined;
      const name = this.#unique(`/${[...this.#module.split("."), opType].filter((part) => part !== "").join("/")}`);
      const typed = new Map<string, TypedAttribute>();
      const given = operator === undefined ? inputs : this.#asAttributes(operator, inputs, typed);
      const values = this.#resolve(operator, name, given);
      for (const [key, value] of Object.entries(attributes ?? {})) {
        if (value === undefined) continue;
        const type = operator?.attributes[key];
        if (operator !== undefined && type === undefined) throw new InvalidNode(`it has no attribute ${key}`);
        typed.set(key, typeAttribute(key, value, type));
      }
      const facts = values.map((value) => (value === null ? null : this.#values.get(value.name)!));
      const types = specs ?? checkNode(operator!, { inputs: facts, attributes: sorted(typed), outputs });
      const results = types.map((type, i) => this.#define(`${name}_output_${i}`, type));
      if (domain !== "") this.#domains.add(domain);
      this.#nodes.push({
        name,
        opType,
        domain,
        inputs: values.map((value) => value?.name ?? ""),
        outputs: results.map((value) => value.name),
        attributes: sorted(typed),
        origin: this.origin,
      });
      return results;
    } catch (error) {
      if (!(error instanceof InvalidNode)) throw error;
      throw this.error(`${opType} does not fit: ${error.message}`, inputs);
    }
  }

  constant(
    value: number | readonly number[] | TypedArray,
    { dtype, shape }: { readonly dtype?: DType; readonly shape?: readonly number[] } = {},
  ): OnnxValue {
    const values = typeof value === "number" ? [value] : value;
    const own = ArrayBuffer.isView(value) ? dtypeOfArray(value) : undefined;
    const sizes = shape ?? (typeof value === "number" ? [] : [values.length]);
    if (sizeOfShape(sizes) !== values.length) {
      throw this.error(`a constant of ${values.length} elements does not have the shape [${sizes}]`, []);
    }
    return new PendingConstant(values, sizes, dtype ?? own);
  }

  ints(values: readonly number[]): OnnxValue {
    return this.constant(values, { dtype: "int64" });
  }

  cast(x: OnnxValue, dtype: DType): OnnxValue {
    if (x instanceof PendingConstant) return new PendingConstant(x.values, x.shape, dtype);
    return x.dtype === dtype ? x : this.node("Cast", [x], { to: onnxOfDType(dtype) });
  }

  /** A value that a graph can name as its output: a constant is given a name here. */
  settle(value: OnnxValue, name: string): OnnxValue {
    return value instanceof PendingConstant ? this.#make(value, value.dtype, name) : value;
  }

  finish(outputs: readonly string[]): OnnxGraph {
    return {
      opset: this.opset,
      inputs: this.#inputs,
      outputs,
      nodes: this.#nodes,
      initializers: this.#initializers,
      values: this.#values,
      domains: [...this.#domains].sort(),
    };
  }

  error(rule: string, inputs: readonly (OnnxValue | null)[]): GraphError {
    const list = inputs.map((x) => (x === null ? "none" : `[${x.shape}] ${x.dtype}`)).join(", ");
    return new GraphError({
      op: "exportOnnx",
      rule: `the ONNX form of ${this.origin} is wrong: ${rule}`,
      ...(list === "" ? {} : { received: list }),
    });
  }

  #operator(opType: string, domain: string): Operator {
    const operator = domain === "" ? findOperator(opType, this.opset) : undefined;
    if (operator === null) throw new InvalidNode(`opset ${this.opset} does not have it yet`);
    if (operator === undefined) {
      const which = domain === "" ? "not an operator that Tenon knows" : `not in a domain that Tenon knows (${domain})`;
      throw new InvalidNode(`it is ${which}; give shape and dtype of its outputs as specs`);
    }
    return operator;
  }

  /** Inputs that older operator sets have as attributes move there. */
  #asAttributes(
    operator: Operator,
    inputs: readonly (OnnxValue | null)[],
    attributes: Map<string, TypedAttribute>,
  ): readonly (OnnxValue | null)[] {
    const moved = operator.inputsAsAttributes;
    if (moved === undefined) return inputs;
    return inputs.filter((input, i) => {
      if (moved[i] === undefined) return true;
      if (input === null) return false;
      if (!(input instanceof PendingConstant))
        throw new InvalidNode(`opset ${this.opset} takes constant ${moved[i]} only`);
      attributes.set(moved[i], { type: "ints", value: Array.from(input.values, Number) });
      return false;
    });
  }

  /** Gives pending constants their dtype and name; leaves off trailing inputs that are left out. */
  #resolve(
    operator: Operator | undefined,
    node: string,
    inputs: readonly (OnnxValue | null)[],
  ): readonly (OnnxValue | null)[] {
    const values = inputs.map((input, i) => {
      if (!(input instanceof PendingConstant)) return input;
      const dtype = input.weak ? weakDType(operator, inputs, i) : input.dtype;
      return this.#make(input, dtype, `${node}_input_${i}`);
    });
    return values.slice(0, values.findLastIndex((value) => value !== null) + 1);
  }

  #make(constant: PendingConstant, dtype: DType, name: string): OnnxValue {
    const known = constant.made.get(dtype);
    if (known !== undefined) return known;
    const value = this.#initializer(this.#unique(name), constant.shape, dtype, arrayOf(dtype, constant.values));
    constant.made.set(dtype, value);
    return value;
  }

  #initializer(name: string, shape: readonly number[], dtype: DType, data: Tensor | TypedArray): OnnxValue {
    this.#initializers.set(name, { shape, dtype, data });
    const known = (dtype === "int64" || dtype === "int32") && !(data instanceof Tensor) && data.length <= KNOWN_INTS;
    return this.#define(name, {
      shape,
      dtype,
      ints: known ? Array.from(data as ArrayLike<number>, Number) : undefined,
    });
  }

  #define(name: string, type: ValueType): OnnxValue {
    this.#values.set(name, type);
    return { name, shape: type.shape, dtype: type.dtype };
  }

  #unique(name: string): string {
    const count = this.#used.get(name);
    this.#used.set(name, (count ?? 0) + 1);
    return count === undefined ? name : this.#unique(`${name}_${count}`);
  }
}

function weakDType(operator: Operator | undefined, inputs: readonly (OnnxValue | null)[], index: number): DType {
  const strong = inputs.map((x) => (x === null || (x instanceof PendingConstant && x.weak) ? null : x.dtype));
  const token = operator === undefined ? undefined : inputToken(operator, index);
  if (operator !== undefined && token !== undefined) {
    const beside = strong.find((dtype, i) => dtype !== null && sameVariable(inputToken(operator, i), token));
    if (beside != null) return beside;
    const allowed = allowedTypes(operator, token);
    if (!allowed.includes("float32")) return allowed.includes("int64") ? "int64" : allowed[0]!;
  }
  return strong.find((dtype) => dtype !== null && dtype !== "bool") ?? "float32";
}

function dtypeOfArray(array: TypedArray): DType {
  const dtypes = ["float32", "float64", "int8", "uint8", "int16", "int32", "int64"] as const;
  const dtype = dtypes.find((name) => array instanceof typedArrayClass(name));
  if (dtype === undefined) {
    throw new GraphError({ op: "exportOnnx", rule: "a constant of this kind of array needs its dtype" });
  }
  return dtype;
}

function arrayOf(dtype: DType, values: ArrayLike<number | bigint>): TypedArray {
  const Class = typedArrayClass(dtype);
  if (values instanceof Class) return values;
  const numbers = Array.from(values, Number);
  const whole = dtype !== "bool" && !dtype.includes("float");
  if (whole && !numbers.every(Number.isSafeInteger)) throw new InvalidNode(`[${numbers}] as ${dtype}`);
  if (dtype === "int64") return BigInt64Array.from(numbers, BigInt);
  if (dtype === "float16") return Uint16Array.from(numbers, numberToFloat16);
  if (dtype === "bfloat16") return Uint16Array.from(numbers, numberToBfloat16);
  if (dtype === "bool") return Uint8Array.from(numbers, (x) => (x === 0 ? 0 : 1));
  const out = new Class(numbers.length);
  (out as Float64Array).set(numbers);
  return out;
}

function sorted(attributes: ReadonlyMap<string, TypedAttribute>): Attributes {
  return new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
