import { type DType, dtypes } from "@tenon/numerics";
import {
  type Attributes,
  type Inferred,
  InvalidNode,
  type NodeFacts,
  type Operator,
  type TypedAttribute,
  type ValueType,
} from "./operator.ts";

function isDType(name: string): name is DType {
  return (dtypes as readonly string[]).includes(name);
}

/** "T?" without its mark. */
function variable(token: string): string {
  return token.replace(/[?+]$/, "");
}

/** The declared type of input `index`. */
export function inputToken(operator: Operator, index: number): string | undefined {
  const last = operator.inputs.at(-1);
  return operator.inputs[index] ?? (last?.endsWith("+") ? last : undefined);
}

/** The dtypes that a type token allows. */
export function allowedTypes(operator: Operator, token: string): readonly DType[] {
  const name = variable(token);
  return isDType(name) ? [name] : operator.types[name]!;
}

/** Whether two tokens must have one dtype. */
export function sameVariable(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && variable(a) === variable(b);
}

/**
 * Holds a node against its operator and gives shape and dtype of its outputs.
 * @throws InvalidNode if the number or types of inputs, the attributes or the shapes do not fit.
 */
export function checkNode(operator: Operator, node: NodeFacts): ValueType[] {
  checkAttributes(operator, node.attributes);
  const bound = bindTypes(operator, node.inputs);
  const most = operator.outputs.at(-1)!.endsWith("+") ? Number.POSITIVE_INFINITY : operator.outputs.length;
  if (node.outputs < 1 || node.outputs > most) throw new InvalidNode(`it has no ${node.outputs} outputs`);
  const result = operator.infer(node);
  const inferred: readonly Inferred[] = Array.isArray(result) ? result : [result as Inferred];
  return Array.from({ length: node.outputs }, (_, i): ValueType => {
    const { shape, dtype, ints } = inferred[i]!;
    const name = variable(operator.outputs[i] ?? operator.outputs.at(-1)!);
    return { shape, ints, dtype: dtype ?? (isDType(name) ? name : bound.get(name)!) };
  });
}

function checkAttributes(operator: Operator, attributes: Attributes): void {
  for (const [name, { type }] of attributes) {
    const wanted = Object.hasOwn(operator.attributes, name) ? operator.attributes[name] : undefined;
    if (wanted === undefined) throw new InvalidNode(`it has no attribute ${name}`);
    if (wanted !== type) throw new InvalidNode(`attribute ${name} is ${type}, not ${wanted}`);
  }
}

function bindTypes(operator: Operator, inputs: readonly (ValueType | null)[]): Map<string, DType> {
  const bound = new Map<string, DType>();
  inputs.forEach((input, i) => {
    const token = inputToken(operator, i);
    if (token === undefined)
      throw new InvalidNode(`it takes ${operator.inputs.length} inputs and got ${inputs.length}`);
    if (input === null) {
      if (!token.endsWith("?")) throw new InvalidNode(`input ${i} cannot be left out`);
      return;
    }
    const allowed = allowedTypes(operator, token);
    if (!allowed.includes(input.dtype)) {
      throw new InvalidNode(`input ${i} is ${input.dtype}; it takes ${allowed.join(", ")}`);
    }
    const other = bound.get(variable(token));
    if (other !== undefined && other !== input.dtype) {
      throw new InvalidNode(`input ${i} is ${input.dtype} beside ${other}; the types must be equal`);
    }
    bound.set(variable(token), input.dtype);
  });
  const required = operator.inputs.findLastIndex((token) => !token.endsWith("?")) + 1;
  if (inputs.length < required) throw new InvalidNode(`it takes ${required} inputs and got ${inputs.length}`);
  return bound;
}

/** An attribute as its operator wants it. `type` undefined: nobody knows, so that plain numbers cannot be told apart. */
export function typeAttribute(name: string, value: unknown, type: TypedAttribute["type"] | undefined): TypedAttribute {
  const explicit = explicitAttribute(value);
  if (explicit !== undefined) return explicit;
  if (typeof value === "string") return { type: "string", value };
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) {
    return { type: "strings", value };
  }
  if (type === undefined) {
    throw new InvalidNode(
      `attribute ${name} needs its type here: write { int: 1 }, { float: 1 }, { ints: [1] } or { floats: [1] }`,
    );
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const whole = type === "int" || type === "ints";
  const list = type === "ints" || type === "floats";
  const valid = values.every((item) => typeof item === "number" && (!whole || Number.isSafeInteger(item)));
  if (!valid || list !== Array.isArray(value) || type.startsWith("string")) {
    throw new InvalidNode(`attribute ${name} is ${JSON.stringify(value)}; it must be ${type}`);
  }
  return { type, value } as TypedAttribute;
}

function explicitAttribute(value: unknown): TypedAttribute | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [type, content] = Object.entries(value)[0]!;
  return { type, value: content } as TypedAttribute;
}
