import { ArgumentError, Callable, type DType, isFloatingPoint, keep, noGrad, Parameter, Tensor } from "@tenon/numerics";
import { copyState, type StateDict, type StateDictArg, type StateMismatch } from "./state-dict.ts";

/** Undoes a registration. */
export interface HookHandle {
  remove(): void;
}

/** Runs before `forward`; may return other arguments, as an array. */
export type ForwardPreHook = (module: Module, args: readonly unknown[]) => unknown;
/** Runs after `forward`; may return another output. */
export type ForwardHook = (module: Module, args: readonly unknown[], output: unknown) => unknown;

type Member = readonly [key: string, value: unknown];

/**
 * The base of everything with parameters: layers, and networks made of them. Fields are what they hold:
 *
 * - a field with a `Parameter` is a parameter, one with any other Tensor is a buffer (saved, not trained),
 * - a field with a Module is a submodule; so are the items of an array of modules, named by their index.
 *
 * The name of a field is its key in the state dict, so that checkpoints are PyTorch's; `stateKeys` says where it is not.
 * Fields that are `#private` are not looked at. Write `forward`; call the object itself, so that hooks run.
 *
 * @example
 * class Net extends Module {
 *   hidden = new Linear(784, 100);
 *   out = new Linear(100, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.out(relu(this.hidden(x)));
 *   }
 * }
 * const net = new Net();
 * [...net.stateDict().keys()]; // ["hidden.weight", "hidden.bias", "out.weight", "out.bias"]
 */
export abstract class Module extends Callable {
  /**
   * Keys in the state dict of fields that are spelled otherwise there: `{ runningMean: "running_mean" }`; null for a
   * buffer that is not saved.
   */
  static readonly stateKeys: { readonly [field: string]: string | null } = {};

  /** Whether layers behave as in training (dropout, batch statistics). Set by `train()` and `eval()`. */
  training = true;

  #preHooks = new Set<ForwardPreHook>();
  #hooks = new Set<ForwardHook>();

  // --- what it is made of ------------------------------------------------------------------------------------------

  /** Parameters of this module and all below, each once. */
  parameters(): Parameter[] {
    return [...this.namedParameters()].map(([, parameter]) => parameter);
  }

  /** The same with their paths, such as `conv1.weight`; a parameter that is used twice has the path found first. */
  *namedParameters(): Generator<[string, Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [key, value] of module.members()) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [join(prefix, key), value];
      }
    }
  }

  /** Tensors that are state without being trained, of this module and all below. */
  buffers(): Tensor[] {
    return [...this.namedBuffers()].map(([, buffer]) => buffer);
  }

  *namedBuffers(): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [key, value] of module.members()) {
        if (!isBuffer(value) || seen.has(value)) continue;
        seen.add(value);
        yield [join(prefix, key), value];
      }
    }
  }

  /** The modules directly inside. */
  get children(): Module[] {
    return [...this.namedChildren()].map(([, child]) => child);
  }

  *namedChildren(): Generator<[string, Module]> {
    for (const [key, value] of this.members()) {
      if (value instanceof Module) yield [key, value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) if (item instanceof Module) yield [`${key}.${i}`, item];
      }
    }
  }

  /** This module (path "") and all below, each once, parents before children. */
  *namedModules(prefix = "", seen = new Set<Module>()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [key, child] of this.namedChildren()) yield* child.namedModules(join(prefix, key), seen);
  }

  modules(): Module[] {
    return [...this.namedModules()].map(([, module]) => module);
  }

  /** Keys and values of the fields, in the order of declaration. Containers override it to name what they hold. */
  protected *members(): Generator<Member> {
    const { stateKeys } = this.constructor as typeof Module;
    for (const [field, value] of Object.entries(this)) yield [stateKeys[field] ?? field, value];
  }

  // --- modes -------------------------------------------------------------------------------------------------------

  /** Puts this module and all below into training mode (or, with false, evaluation mode). */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Switches gradients of all parameters on or off. */
  requiresGrad_(value = true): this {
    for (const [, parameter] of this.namedParameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Stops the training of all parameters below: `net.backbone.freeze()`. Undone by `requiresGrad_()`. */
  freeze(): this {
    return this.requiresGrad_(false);
  }

  /** Sets all gradients to null. */
  zeroGrad(): void {
    for (const [, parameter] of this.namedParameters()) parameter.grad = null;
  }

  /** Calls `fn` with every module, children before their parent. */
  override apply(fn: (module: Module) => void): this {
    for (const child of this.children) child.apply(fn);
    fn(this);
    return this;
  }

  /**
   * Converts floating parameters and buffers to another dtype; integers stay. Parameters become new objects, so make the
   * optimizer afterwards. Weights that are tied stay tied.
   */
  to(dtype: DType): this {
    if (!isFloatingPoint(dtype)) {
      throw new ArgumentError({ op: "Module.to", rule: "a module needs a floating dtype", received: dtype });
    }
    const converted = new Map<Tensor, Tensor>();
    for (const [, module] of this.namedModules()) {
      for (const [field, value] of Object.entries(module)) {
        if (!(value instanceof Tensor) || !isFloatingPoint(value.dtype) || value.dtype === dtype) continue;
        const known = converted.get(value) ?? convert(value, dtype);
        converted.set(value, known);
        Reflect.set(module, field, known);
      }
    }
    return this;
  }

  // --- state -------------------------------------------------------------------------------------------------------

  /**
   * All parameters and buffers by path: what is saved. The tensors share memory with the module's; clone them for a
   * snapshot that training must not change.
   */
  stateDict(): StateDict {
    return new Map([...this.#state()].map(([key, tensor]) => [key, tensor.detach()]));
  }

  /**
   * Copies values into the parameters and buffers, in place, converting dtypes. Everything is checked before anything is
   * changed.
   * @param options.strict Whether missing and unexpected keys are errors. Default true.
   * @returns the keys that were missing and unexpected.
   * @throws ArgumentError naming missing and unexpected keys; ShapeError naming the tensors that do not fit.
   */
  loadStateDict(state: StateDictArg, { strict = true }: { readonly strict?: boolean } = {}): StateMismatch {
    const optional = new Set<string>();
    for (const [prefix, module] of this.namedModules()) {
      for (const key of module.optionalState()) optional.add(join(prefix, key));
    }
    return copyState(this.#state(), state, { strict, optional });
  }

  /** Keys of this module alone that older checkpoints may lack. */
  protected optionalState(): readonly string[] {
    return [];
  }

  /** As PyTorch orders it: own parameters, own buffers, then children; a tensor used twice appears twice. */
  *#state(prefix = ""): Generator<[string, Tensor]> {
    const { stateKeys } = this.constructor as typeof Module;
    const unsaved = new Set(Object.keys(stateKeys).filter((field) => stateKeys[field] === null));
    const own = [...this.members()].filter(([key]) => !unsaved.has(key));
    for (const [key, value] of own) if (value instanceof Parameter) yield [join(prefix, key), value];
    for (const [key, value] of own) if (isBuffer(value)) yield [join(prefix, key), value];
    for (const [key, child] of this.namedChildren()) yield* child.#state(join(prefix, key));
  }

  // --- calling -----------------------------------------------------------------------------------------------------

  registerForwardPreHook(hook: ForwardPreHook): HookHandle {
    this.#preHooks.add(hook);
    return { remove: () => void this.#preHooks.delete(hook) };
  }

  registerForwardHook(hook: ForwardHook): HookHandle {
    this.#hooks.add(hook);
    return { remove: () => void this.#hooks.delete(hook) };
  }

  protected override invoke(args: never[]): unknown {
    let inputs: unknown[] = args;
    for (const hook of this.#preHooks) {
      const changed = hook(this, inputs);
      if (Array.isArray(changed)) inputs = changed;
    }
    let output = this.forward(...(inputs as never[]));
    for (const hook of this.#hooks) output = hook(this, inputs, output) ?? output;
    return output;
  }

  // --- printing ----------------------------------------------------------------------------------------------------

  /** The arguments of a layer, for printing: `3, 6, kernelSize: [5, 5]`. */
  protected describe(): string {
    return "";
  }

  /** The tree of modules, as PyTorch prints it. */
  override toString(): string {
    const lines = [...this.namedChildren()].map(
      ([key, child]) => `(${key}): ${child.toString().replaceAll("\n", "\n  ")}`,
    );
    const inside = lines.length === 0 ? this.describe() : `\n  ${lines.join("\n  ")}\n`;
    return `${this.constructor.name}(${inside})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function isBuffer(value: unknown): value is Tensor {
  return value instanceof Tensor && !(value instanceof Parameter);
}

function join(prefix: string, key: string): string {
  return prefix === "" ? key : `${prefix}.${key}`;
}

function convert(tensor: Tensor, dtype: DType): Tensor {
  return noGrad(() => {
    const values = tensor.detach().to(dtype);
    return tensor instanceof Parameter ? new Parameter(values, { requiresGrad: tensor.requiresGrad }) : keep(values);
  });
}
