/**
 * The base of everything with a `forward` that is called like a function: layers, losses, metrics.
 *
 * `new Net()` gives a function whose prototype is `Net.prototype`, so that `net(x)`, `net.forward(x)` and `instanceof` all work. Subclasses
 * write `forward`; `invoke` is what a call runs, for base classes that add hooks.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged interface states the call that the constructor makes true
export abstract class Callable {
  constructor() {
    const self = ((...args: never[]) => (self as unknown as Callable).invoke(args)) as unknown as this;
    // A function's own name and length would shadow a subclass's fields of these names.
    Reflect.deleteProperty(self, "name");
    Reflect.deleteProperty(self, "length");
    // biome-ignore lint/correctness/noConstructorReturn: the returned function is the instance
    return Object.setPrototypeOf(self, new.target.prototype);
  }

  abstract forward(...args: never[]): unknown;

  /** What a call runs. */
  protected invoke(args: never[]): unknown {
    return this.forward(...args);
  }
}

export interface Callable {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias cannot merge with the class, whose call it states
  (...args: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}
