import * as losses from "@tenon/losses";
import * as numerics from "@tenon/numerics";
import { camelCase } from "../lookup.ts";
import { ADAPTERS } from "./adapters.ts";
import type { Decoded, OpCase } from "./case.ts";
import { parametersOf } from "./signatures.ts";

type AnyFunction = (...args: unknown[]) => unknown;

// `logsumexp` is our `logSumExp`: names are compared without case and underscores; classes (`Softmax`) are not operations, forms in place (`add_`) others.
function key(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

const functions = new Map<string, AnyFunction>();
for (const library of [losses, numerics]) {
  for (const [name, value] of Object.entries(library)) {
    if (typeof value === "function" && /^[a-z].*[^_]$|^[a-z]$/.test(name))
      functions.set(key(name), value as AnyFunction);
  }
}

function methodOf(name: string): AnyFunction | undefined {
  const prototype = numerics.Tensor.prototype;
  const found = Object.getOwnPropertyNames(prototype).find(
    (own) => own !== "constructor" && !own.endsWith("_") && key(own) === key(name),
  );
  if (found === undefined) return undefined;
  return (x, ...args) => {
    const member = (x as unknown as Record<string, unknown>)[found];
    return typeof member === "function" ? (member as AnyFunction).apply(x, args) : member;
  };
}

/** The function or method that is called as the operation is; undefined if there is none yet. */
export function functionFor(op: string): AnyFunction | undefined {
  const name = op.replace(/^(nn\.functional|linalg|special)\./, "");
  if (/[^\w]/.test(name) || name.startsWith("__")) return undefined;
  return functions.get(key(name)) ?? methodOf(name);
}

/** Positional arguments and options in Tenon's manner. */
function arrange(op: string, inputs: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): unknown[] {
  const parameters = parametersOf(op);
  const positional: unknown[] = [];
  const options: Record<string, unknown> = {};
  if (parameters === undefined) {
    positional.push(...inputs);
    for (const [name, value] of Object.entries(kwargs)) {
      if (name === "dim") positional.push(value);
      else options[camelCase(name)] = value;
    }
  } else {
    const given = new Map(Object.entries(kwargs).map(([name, value]) => [camelCase(name), value]));
    inputs.forEach((value, i) => {
      given.set(parameters[i]?.name ?? `extra${i}`, value);
    });
    for (const { name, option } of parameters) {
      if (!option) positional.push(given.get(name));
      else if (given.has(name)) options[name] = given.get(name);
      given.delete(name);
    }
    for (const [name, value] of given) options[name] = value;
  }
  for (const [name, value] of Object.entries(options)) if (value === null || value === undefined) delete options[name];
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  if (Object.keys(options).length === 0) return positional;
  const places = parameters?.filter(({ option }) => !option).length ?? positional.length;
  while (positional.length < places) positional.push(undefined);
  return [...positional, options];
}

/** How to call an operation of the data, or undefined if Tenon does not have it yet. */
export function resolve(c: OpCase): ((decoded: Decoded) => unknown) | undefined {
  const adapter = ADAPTERS[c.op];
  if (adapter !== undefined) {
    const call = adapter(functionFor);
    return call && (({ inputs, kwargs }) => call(inputs, kwargs));
  }
  const fn = functionFor(c.op);
  return fn && (({ inputs, kwargs }) => fn(...arrange(c.op, inputs, kwargs)));
}
