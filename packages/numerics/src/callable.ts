/**
 * The base of everything with a `forward` that is called like a function: layers, losses, metrics.
 *
 * `new Net()` gives a function whose prototype is `Net.prototype`, so that `net(x)`, `net.forward(x)` and `instanceof` all work. Subclasses
 * write `forward`; `invoke` is what a call runs, for base classes that add hooks.
 */
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

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging lint/style/useShorthandFunctionType: merged with the class, it states the call that the constructor makes true
export interface Callable {
  (...args: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}
