import { describe, expect, it } from "vitest";
import { Callable } from "./callable.ts";

class Twice extends Callable {
  override readonly name = "twice";
  readonly #factor: number;

  constructor(factor = 2) {
    super();
    this.#factor = factor;
  }

  override forward(x: number): number {
    return this.#factor * x;
  }
}

describe("Callable", () => {
  it("is called like a function and stays an instance", () => {
    const twice = new Twice();
    expect(twice(4)).toBe(8);
    expect(twice.forward(4)).toBe(8);
    expect(twice).toBeInstanceOf(Twice);
    expect(twice).toBeInstanceOf(Callable);
    expect(twice.name).toBe("twice");
    // @ts-expect-error the arguments are those of forward
    expect(twice("4")).toBe(8);
  });

  it("lets a subclass have fields called length and prototype-less functions", () => {
    class Sized extends Twice {
      override length = 3;
    }
    expect(new Sized().length).toBe(3);
    expect("call" in new Sized()).toBe(false);
  });
});
