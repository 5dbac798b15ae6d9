import { ArgumentError, keep, noGrad, ShapeError, Tensor, zerosLike } from "@tenon/numerics";

/** A parameter, or its name and the parameter as `namedParameters()` gives it. */
export type ParameterLike = Tensor | readonly [string, Tensor];

/** Parameters that share settings; settings left out are the optimizer's. */
export type ParameterGroup<O> = Partial<O> & { readonly params: Iterable<ParameterLike> };

/** What an optimizer remembers of one parameter. */
export type ParameterState = Record<string, Tensor | number>;

export interface ResolvedGroup<O> {
  /** The settings in force; schedulers and users may change them between steps. */
  readonly options: O;
  readonly names: readonly string[];
  readonly params: readonly Tensor[];
}

export interface OptimizerState {
  /** By parameter name; position where parameters were given without names. */
  readonly state: Record<string, ParameterState>;
  readonly groups: readonly { readonly options: Record<string, unknown>; readonly params: readonly string[] }[];
}

/**
 * The base of all optimizers: parameter groups, gradients, state and its saving. A subclass writes `update`.
 */
export abstract class Optimizer<O extends { lr: number }> {
  readonly groups: readonly ResolvedGroup<O>[];
  readonly #state = new Map<Tensor, ParameterState>();
  readonly #names = new Map<Tensor, string>();

  /** @param defaults all settings; a group may replace some. */
  constructor(params: Iterable<ParameterLike> | readonly ParameterGroup<O>[], defaults: O) {
    const list = [...(params as Iterable<ParameterLike | ParameterGroup<O>>)];
    const groups = list.some(isGroup) ? (list as ParameterGroup<O>[]) : [{ params: list as ParameterLike[] }];
    this.groups = groups.map((group) => this.#resolve(group as ParameterGroup<O>, defaults));
    if (this.#names.size === 0) {
      throw new ArgumentError({
        op: new.target.name,
        rule: "there are no parameters to train",
        hint: "Pass model.parameters() of a model whose layers are fields",
      });
    }
    for (const { options } of this.groups) this.check(options);
  }

  #resolve({ params, ...settings }: ParameterGroup<O>, defaults: O): ResolvedGroup<O> {
    const names: string[] = [];
    const tensors: Tensor[] = [];
    for (const item of params) {
      const [name, tensor] = item instanceof Tensor ? [String(this.#names.size), item] : item;
      if (this.#names.has(tensor)) {
        throw new ArgumentError({
          op: this.constructor.name,
          rule: "a parameter appears twice",
          received: `${name}, already given as ${this.#names.get(tensor)}`,
        });
      }
      if (!tensor.isLeaf) {
        throw new ArgumentError({
          op: this.constructor.name,
          rule: "only leaves can be trained",
          received: `${name}, made by a recorded operation`,
          hint: "Pass the parameter itself, not a tensor computed from it",
        });
      }
      this.#names.set(tensor, name);
      names.push(name);
      tensors.push(tensor);
    }
    return { options: { ...defaults, ...(settings as unknown as Partial<O>) }, names, params: tensors };
  }

  /** @throws ArgumentError for settings that cannot be used. */
  protected check(options: O): void {
    if (!(options.lr >= 0)) {
      throw new ArgumentError({
        op: this.constructor.name,
        rule: "the learning rate must be 0 or more",
        received: `${options.lr}`,
      });
    }
  }

  /** Changes `parameter` in place. `state` is empty at the first call for a parameter. Runs without recording. */
  protected abstract update(parameter: Tensor, gradient: Tensor, options: O, state: ParameterState): void;

  /** One step for every parameter that has a gradient. */
  step(): void {
    noGrad(() => {
      for (const { options, params } of this.groups) {
        for (const parameter of params) {
          const gradient = parameter.borrowGrad();
          if (gradient === null) continue;
          this.update(parameter, gradient, options, this.stateOf(parameter));
        }
      }
    });
  }

  /** Sets all gradients to null, so that a parameter without one is left alone by `step`. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const parameter of params) parameter.grad = null;
  }

  protected stateOf(parameter: Tensor): ParameterState {
    let state = this.#state.get(parameter);
    if (state === undefined) {
      state = {};
      this.#state.set(parameter, state);
    }
    return state;
  }

  /** Settings and state; the tensors are the optimizer's own, not copies. */
  stateDict(): OptimizerState {
    const state: Record<string, ParameterState> = {};
    for (const [parameter, values] of this.#state) state[this.#names.get(parameter)!] = { ...values };
    return {
      state,
      groups: this.groups.map(({ options, names }) => ({ options: { ...options }, params: names })),
    };
  }

  /**
   * Takes over a state saved by an optimizer of the same class and parameters.
   * @throws ArgumentError for other parameters; ShapeError for state of another shape.
   */
  loadStateDict(saved: OptimizerState): void {
    const expected = this.groups.map(({ names }) => names.join(", "));
    const received = saved.groups.map(({ params }) => params.join(", "));
    if (expected.join("; ") !== received.join("; ")) {
      throw new ArgumentError({
        op: `${this.constructor.name}.loadStateDict`,
        rule: "the parameters differ",
        received: received.join("; "),
        expected: expected.join("; "),
      });
    }
    this.groups.forEach(({ options }, i) => {
      Object.assign(options, saved.groups[i]!.options);
    });
    for (const [parameter, name] of this.#names) this.#restore(parameter, name, saved.state[name]);
  }

  #restore(parameter: Tensor, name: string, saved: ParameterState | undefined): void {
    const before = this.#state.get(parameter);
    if (before !== undefined) for (const value of Object.values(before)) if (value instanceof Tensor) value.dispose();
    this.#state.delete(parameter);
    if (saved === undefined) return;
    const state = this.stateOf(parameter);
    for (const [key, value] of Object.entries(saved)) {
      if (typeof value === "number") {
        state[key] = value;
        continue;
      }
      if (value.size !== parameter.size) {
        throw new ShapeError({
          op: `${this.constructor.name}.loadStateDict`,
          rule: "saved state has another shape than its parameter",
          received: `${name}.${key} [${value.shape.join(", ")}]`,
          expected: `[${parameter.shape.join(", ")}]`,
        });
      }
      state[key] = stateTensor(parameter).copy_(value);
    }
  }
}

function isGroup(item: unknown): boolean {
  return typeof item === "object" && item !== null && !Array.isArray(item) && "params" in item;
}

/** A tensor of zeros like the parameter, for an optimizer's state: it outlives every scope. */
export function stateTensor(parameter: Tensor): Tensor {
  return keep(zerosLike(parameter));
}
