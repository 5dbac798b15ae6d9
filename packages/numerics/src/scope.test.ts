import { describe, expect, it } from "vitest";
import { noGrad } from "./autograd/grad-mode.ts";
import { ones, tensor } from "./create.ts";
import { ArgumentError, DisposedError } from "./errors.ts";
import { memory } from "./memory.ts";
import { Parameter } from "./parameter.ts";
import { keep, scope, tidy } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

describe("tidy", () => {
  it("frees what it makes, keeps what it returns", () => {
    const x = tensor([1, 2, 3]);
    const before = memory().live;
    const kept = tidy(() => {
      const y = x.add(1);
      return { deep: [y.add(1)] };
    });
    expect(kept.deep[0]!.toArray()).toEqual([3, 4, 5]);
    kept.deep[0]!.dispose();
    expect(memory().live).toBe(before);
  });

  it("frees everything when the function throws", () => {
    const before = memory().live;
    expect(() =>
      tidy(() => {
        ones([100]);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(memory().live).toBe(before);
  });

  it("frees the tape of a loss that nobody differentiated", () => {
    const w = new Parameter([1, 2, 3]);
    const before = memory().live;
    tidy(() => void w.mul(w).mul(w).sum());
    expect(memory().live).toBe(before);
  });

  it("keeps what the backward pass of a returned tensor needs", () => {
    const w = new Parameter([1, 2, 3]);
    const loss = tidy(() => w.mul(w).mul(w).sum());
    loss.backward();
    expect(w.grad!.toArray()).toEqual([3, 12, 27]);
  });

  it("does not grow over training steps", () => {
    const w = new Parameter([[1, 2, 3]]);
    const step = () =>
      tidy(() => {
        w.grad = null;
        w.mul(2).add(1).mul(w).sum().backward();
      });
    step();
    const before = memory().live;
    for (let i = 0; i < 100; i++) step();
    expect(memory().live).toBe(before);
  });

  it("hands survivors of an inner scope to the outer one", () => {
    const before = memory().live;
    tidy(() => {
      const inner = tidy(() => ones([4]).add(1));
      expect(inner.toArray()).toEqual([2, 2, 2, 2]);
    });
    expect(memory().live).toBe(before);
  });

  it("leaves kept tensors alone through all scopes", () => {
    let kept!: Tensor;
    tidy(() =>
      tidy(() => {
        kept = keep(ones([2]));
      }),
    );
    expect(kept.toArray()).toEqual([1, 1]);
    kept.dispose();
  });

  it("refuses an async function and says what to write", () => {
    expect(() => tidy(async () => 1)).toThrow(ArgumentError);
    expect(() => tidy(async () => 1)).toThrow("using step = scope()");
    expect(() => noGrad(async () => 1)).toThrow(ArgumentError);
  });
});

describe("scope", () => {
  it("frees at the end of its block, also across await", async () => {
    const before = memory().live;
    let kept!: Tensor;
    {
      using step = scope();
      ones([8]);
      await Promise.resolve();
      kept = step.keep(ones([2]).add(1));
    }
    expect(kept.toArray()).toEqual([2, 2]);
    kept.dispose();
    expect(memory().live).toBe(before);
  });

  it("refuses to close out of order", () => {
    const outer = scope();
    const inner = scope();
    expect(() => outer[Symbol.dispose]()).toThrow("reverse order");
    inner[Symbol.dispose]();
  });
});

describe("dispose", () => {
  it("frees once, keeps views alive, and names the maker afterwards", () => {
    const before = memory().live;
    const x = ones([2, 2]);
    const row = x.select(0, 1);
    x.dispose();
    x.dispose();
    expect(row.toArray()).toEqual([1, 1]);
    row.dispose();
    expect(memory().live).toBe(before);
    expect(() => x.add(1)).toThrow(DisposedError);
    expect(() => x.toArray()).toThrow("[2, 2] float32");
  });
});
