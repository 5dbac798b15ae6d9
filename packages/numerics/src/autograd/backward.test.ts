import { describe, expect, it } from "vitest";
import { ones, tensor, zeros } from "../create.ts";
import { ArgumentError, DTypeError, GraphError, ShapeError } from "../errors.ts";
import { memory } from "../memory.ts";
import { grad } from "./backward.ts";
import { enableGrad, isGradEnabled, noGrad } from "./grad-mode.ts";

const leaf = (data: number[]) => tensor(data, { dtype: "float64", requiresGrad: true });

describe("backward", () => {
  it("adds to the gradients of leaves", () => {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    x.sum().backward();
    expect(x.grad!.toArray()).toEqual([3, 5, 7]);
  });

  it("follows a value that is used twice", () => {
    const x = leaf([2]);
    const y = x.mul(3);
    y.mul(y).add(y).sum().backward();
    expect(x.grad!.toArray()).toEqual([39]);
  });

  it("sums gradients down to broadcast shapes and casts them to the input's type", () => {
    const x = tensor([[1], [2]], { requiresGrad: true });
    const y = tensor([1, 2, 3], { dtype: "float64" });
    x.mul(y).sum().backward();
    expect(x.grad!.dtype).toBe("float32");
    expect(x.grad!.toArray()).toEqual([[6], [6]]);
  });

  it("gives higher derivatives with createGraph", () => {
    const x = leaf([2]);
    const [first] = grad(x.mul(x).mul(x).sum(), [x], { createGraph: true });
    const [second] = grad(first!.sum(), [x], { createGraph: true });
    const [third] = grad(second!.sum(), [x]);
    expect([first, second, third].map((g) => g!.toArray())).toEqual([[12], [12], [6]]);
  });

  it("takes the gradient of a tensor that is not a scalar", () => {
    const x = leaf([1, 2]);
    x.mul(2).backward([1, 10]);
    expect(x.grad!.toArray()).toEqual([2, 20]);
  });

  it("keeps gradients of inner tensors on request", () => {
    const x = leaf([1, 2]);
    const y = x.mul(3).retainGrad();
    y.mul(y).sum().backward();
    expect(y.grad!.toArray()).toEqual([6, 12]);
  });

  it("frees the graph unless asked to retain it", () => {
    const x = leaf([1, 2]);
    const again = x.mul(x).sum();
    again.backward(undefined, { retainGraph: true });
    again.backward();
    expect(() => again.backward()).toThrow(GraphError);
    expect(() => again.backward()).toThrow("retainGraph");
  });

  it("leaves nothing behind but the gradients", () => {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    x.grad = null;
    const before = memory().live;
    const loss = x.mul(x).sum();
    loss.backward();
    loss.dispose();
    x.grad = null;
    // The handle of x * x is garbage that only the collector can find.
    expect(memory().live - before).toBeLessThanOrEqual(64);
  });

  it("refuses what cannot be differentiated", () => {
    expect(() => ones([1]).backward()).toThrow("no history");
    expect(() => leaf([1, 2]).mul(2).backward()).toThrow(ArgumentError);
    expect(() => leaf([1, 2]).mul(2).backward([1])).toThrow(ShapeError);
    expect(() => tensor([1n], { requiresGrad: true })).toThrow(DTypeError);
  });

  it("notices a saved value that was changed in place", () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const loss = y.mul(y).sum();
    noGrad(() => y.add_(1));
    expect(() => loss.backward()).toThrow("changed in place");
  });

  it("refuses to change a leaf in place while recording", () => {
    expect(() => leaf([1]).add_(1)).toThrow("noGrad");
    const x = leaf([1]);
    noGrad(() => x.add_(1));
    expect(x.toArray()).toEqual([2]);
  });

  it("lets gradients flow through writes in place", () => {
    const x = leaf([1, 2]);
    const y = zeros([2], { dtype: "float64" });
    y.copy_(x.mul(5));
    y.add_(x);
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([6, 6]);
  });
});

describe("grad", () => {
  it("finds unused inputs", () => {
    const [x, y] = [leaf([1]), leaf([2])];
    expect(() => grad(x.mul(2).sum(), [y])).toThrow(GraphError);
    expect(grad(x.mul(2).sum(), [x, y], { allowUnused: true })[1]).toBeNull();
  });

  it("gives gradients with respect to inner tensors and leaves grad alone", () => {
    const x = leaf([3]);
    const y = x.mul(2);
    expect(grad(y.mul(y).sum(), [y, x]).map((g) => g!.toArray())).toEqual([[12], [24]]);
    expect(x.grad).toBeNull();
  });
});

describe("noGrad", () => {
  it("switches recording off and on again", () => {
    const x = leaf([1]);
    noGrad(() => {
      expect(x.mul(2).requiresGrad).toBe(false);
      enableGrad(() => expect(isGradEnabled()).toBe(true));
    });
    expect(isGradEnabled()).toBe(true);
    expect(x.detach().requiresGrad).toBe(false);
  });
});
