import { Callable, type Tensor } from "@tenon/numerics";

/** A loss that keeps its options: `new MSELoss({ reduction: "sum" })(input, target)`. */
export abstract class LossModule<A extends readonly unknown[], O extends object> extends Callable {
  readonly options: O;

  constructor(options: O) {
    super();
    this.options = options;
  }

  abstract override forward(...tensors: A): Tensor;
}

export interface LossClass<A extends readonly unknown[], O extends object> {
  new (options?: O): LossModule<A, O>;
}

/** The class form of a loss function. */
export function lossClass<A extends readonly unknown[], O extends object>(
  name: string,
  loss: (...args: [...tensors: A, options?: O]) => Tensor,
): LossClass<A, O> {
  const made = class extends LossModule<A, O> {
    constructor(options: O = {} as O) {
      super(options);
    }

    override forward(...tensors: A): Tensor {
      return loss(...tensors, this.options);
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made;
}
