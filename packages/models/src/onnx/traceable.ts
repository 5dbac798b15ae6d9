import { ArgumentError, noGrad, Tensor } from "@tenon/numerics";

/** What can be exported and verified: a module, anything with a `forward`, or a function of tensors. */
export type Traceable = ((...inputs: Tensor[]) => unknown) | { forward(...inputs: never[]): unknown };

type Named<T> = Iterable<readonly [name: string, value: T]>;

/** The parts of a module that export looks at; all are optional, so that any object with a `forward` will do. */
interface ModuleLike {
  namedParameters?(): Named<Tensor>;
  namedBuffers?(): Named<Tensor>;
  namedModules?(): Named<object>;
  training?: boolean;
}

export function functionOf(op: string, model: Traceable): (...inputs: Tensor[]) => unknown {
  if (typeof model === "function") return model as (...inputs: Tensor[]) => unknown;
  if (typeof (model as { forward?: unknown } | null)?.forward === "function") {
    return (...inputs) => model.forward(...(inputs as never[]));
  }
  throw new ArgumentError({ op, rule: "neither a module nor a function", received: typeof model });
}

/**
 * The tensors that a model returned, by name: `output` alone, `output0`, `output1` in a list, keys in an object; what is nested joins the names:
 * `output1_0`. Null if something else than tensors is inside.
 */
export function outputsOf(result: unknown): Readonly<Record<string, Tensor>> | null {
  const found = new Map<string, Tensor>();
  const visit = (value: unknown, name: string): boolean => {
    if (value instanceof Tensor) return Boolean(found.set(name, value));
    const list = Array.isArray(value);
    const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!list && !plain) return false;
    const prefix = name === "output" ? (list ? "output" : "") : `${name}_`;
    return Object.entries(value as object).every(([key, item]) => visit(item, `${prefix}${key}`));
  };
  return visit(result, "output") && found.size > 0 ? Object.fromEntries(found) : null;
}

/** Parameters and buffers by their keys in the state dict. */
export function stateOf(model: Traceable): (readonly [string, Tensor])[] {
  const { namedParameters, namedBuffers } = model as ModuleLike;
  return [...(namedParameters?.call(model) ?? []), ...(namedBuffers?.call(model) ?? [])];
}

export function modulesOf(model: Traceable): (readonly [string, object])[] {
  return [...((model as ModuleLike).namedModules?.() ?? [["", model] as const])];
}

/** Runs `body` without gradients and with every module in evaluation mode; afterwards each is in the mode in which it was. */
export function evaluating<R>(model: Traceable, body: () => R): R {
  const modules = modulesOf(model).map(([, module]) => module as ModuleLike);
  const modes = modules.map((module) => module.training);
  const set = (mode: (i: number) => boolean | undefined) => {
    modules.forEach((module, i) => {
      if (typeof modes[i] === "boolean") module.training = mode(i)!;
    });
  };
  set(() => false);
  try {
    return noGrad(body);
  } finally {
    set((i) => modes[i]);
  }
}
