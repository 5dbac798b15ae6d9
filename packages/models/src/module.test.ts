import { inspect } from "node:util";
import { ArgumentError, noGrad, ones, Parameter, ShapeError, type Tensor, tensor, tidy, zeros } from "@tenon/numerics";
import { describe, expect, expectTypeOf, it } from "vitest";
import { BatchNorm1d, Linear, Module, ModuleList, ReLU, Sequential } from "./index.ts";

class Block extends Module {
  static override readonly stateKeys = { runningScale: "running_scale", cache: null };
  scale = new Parameter(ones([1]));
  runningScale: Tensor = zeros([1]);
  cache: Tensor = zeros([2]);
  inner = new Linear(2, 2, { bias: false });

  forward(x: Tensor, factor = 1): Tensor {
    return this.inner(x).mul(this.scale).mul(factor);
  }
}

class Net extends Module {
  first = new Linear(3, 2);
  override name = "net";
  blocks = [new Block(), new Block()];
  last = new Sequential(new ReLU(), new Linear(2, 1));

  forward(x: Tensor): Tensor {
    return this.last(this.blocks.reduce((value, block) => block(value), this.first(x)));
  }
}

describe("Module", () => {
  it("is called like a function, with the types of forward", () => {
    const net = new Net();
    expect(net(zeros([4, 3])).shape).toEqual([4, 1]);
    expectTypeOf(net).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(new Block()).parameter(1).toEqualTypeOf<number | undefined>();
    expect(net).toBeInstanceOf(Net);
    expect(net).toBeInstanceOf(Module);
    expect(net.name).toBe("net");
  });

  it("finds parameters, buffers and submodules in its fields, and names them as PyTorch does", () => {
    const net = new Net();
    expect([...net.stateDict().keys()]).toEqual([
      "first.weight",
      "first.bias",
      "blocks.0.scale",
      "blocks.0.running_scale",
      "blocks.0.inner.weight",
      "blocks.1.scale",
      "blocks.1.running_scale",
      "blocks.1.inner.weight",
      "last.1.weight",
      "last.1.bias",
    ]);
    expect(net.parameters().length).toBe(8);
    expect([...net.namedBuffers()].map(([key]) => key)).toContain("blocks.0.cache");
    expect([...net.namedModules()].map(([path]) => path)).toContain("last.1");
    expect(net.children.length).toBe(4);
  });

  it("counts a shared parameter once and saves it under both names", () => {
    const net = new Net();
    net.blocks[1]!.inner = net.blocks[0]!.inner;
    expect(net.parameters().length).toBe(7);
    expect(net.stateDict().has("blocks.1.inner.weight")).toBe(true);
  });

  it("switches modes below itself", () => {
    const net = new Net().eval();
    expect(net.modules().every((module) => !module.training)).toBe(true);
    net.blocks[0]!.train();
    expect(net.blocks[0]!.inner.training).toBe(true);
    expect(net.training).toBe(false);
  });

  it("freezes, and forgets gradients", () => {
    const net = new Net();
    net.first.freeze();
    net(ones([1, 3]))
      .sum()
      .backward();
    expect(net.first.weight.grad).toBeNull();
    expect(net.blocks[0]!.scale.grad).not.toBeNull();
    net.zeroGrad();
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });

  it("converts its dtype and keeps ties", () => {
    const net = new Net();
    net.blocks[1]!.inner.weight = net.blocks[0]!.inner.weight;
    net.to("float64");
    expect(net.parameters().every((p) => p.dtype === "float64" && p.requiresGrad)).toBe(true);
    expect(net.blocks[1]!.inner.weight).toBe(net.blocks[0]!.inner.weight);
    expect(net.blocks[0]!.runningScale.dtype).toBe("float64");
    expect(() => net.to("int32")).toThrow(ArgumentError);
  });

  it("survives the scope in which it was made", () => {
    const norm = tidy(() => ({ made: new BatchNorm1d(2) })).made;
    expect(norm.runningVar!.toArray()).toEqual([1, 1]);
  });

  it("runs hooks around forward, until they are removed", () => {
    const layer = new Linear(1, 1, { bias: false });
    noGrad(() => layer.weight.fill_(1));
    const before = layer.registerForwardPreHook((_, [x]) => [(x as Tensor).add(1)]);
    const after = layer.registerForwardHook((_, __, y) => (y as Tensor).mul(10));
    expect(layer(ones([1, 1])).item()).toBe(20);
    before.remove();
    after.remove();
    expect(layer(ones([1, 1])).item()).toBe(1);
  });

  it("visits children before parents in apply", () => {
    const seen: string[] = [];
    new Sequential(new Linear(1, 1), new ReLU()).apply((module) => seen.push(module.constructor.name));
    expect(seen).toEqual(["Linear", "ReLU", "Sequential"]);
  });

  it("prints its tree", () => {
    expect(inspect(new Net())).toBe(
      [
        "Net(",
        "  (first): Linear(3, 2, bias: true)",
        "  (blocks.0): Block(",
        "    (inner): Linear(2, 2, bias: false)",
        "  )",
        "  (blocks.1): Block(",
        "    (inner): Linear(2, 2, bias: false)",
        "  )",
        "  (last): Sequential(",
        "    (0): ReLU()",
        "    (1): Linear(2, 1, bias: true)",
        "  )",
        ")",
      ].join("\n"),
    );
  });
});

describe("loadStateDict", () => {
  const state = () => new Linear(2, 2).stateDict();

  it("copies in place, from tensors of another dtype or typed arrays", () => {
    const layer = new Linear(1, 2, { bias: false });
    const { weight } = layer;
    layer.loadStateDict({ weight: tensor([[1], [2]], { dtype: "float64" }) });
    expect(layer.weight).toBe(weight);
    expect(weight.toArray()).toEqual([[1], [2]]);
    layer.loadStateDict({ weight: { dtype: "float32", shape: [2, 1], data: new Float32Array([3, 4]) } });
    expect(weight.toArray()).toEqual([[3], [4]]);
  });

  it("names what is missing and unexpected, and changes nothing then", () => {
    const layer = new Linear(2, 2);
    const before = layer.weight.toArray();
    const other = new Map([
      ["weight", zeros([2, 2])],
      ["extra", zeros([1])],
    ]);
    expect(() => layer.loadStateDict(other)).toThrow(/missing bias; unexpected extra.*strict: false/);
    expect(layer.weight.toArray()).toEqual(before);
    expect(layer.loadStateDict(other, { strict: false })).toEqual({ missingKeys: ["bias"], unexpectedKeys: ["extra"] });
    expect(layer.weight.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("names the shapes that differ", () => {
    const dict = state().set("weight", zeros([3, 2]));
    expect(() => new Linear(2, 2).loadStateDict(dict)).toThrow(ShapeError);
    expect(() => new Linear(2, 2).loadStateDict(dict)).toThrow(/weight is \[2, 2\] in the module and \[3, 2\]/);
  });

  it("says what a DataParallel prefix is", () => {
    const dict = new Map([...state()].map(([key, value]) => [`module.${key}`, value]));
    expect(() => new Linear(2, 2).loadStateDict(dict)).toThrow(/DataParallel/);
  });

  it("does without num_batches_tracked, which old checkpoints lack", () => {
    const dict = new BatchNorm1d(2).stateDict();
    dict.delete("num_batches_tracked");
    expect(new BatchNorm1d(2).loadStateDict(dict)).toEqual({ missingKeys: [], unexpectedKeys: [] });
  });
});

describe("containers", () => {
  it("hold modules by position", () => {
    const list = new ModuleList([new ReLU()]).append(new ReLU());
    expect([list.length, [...list].length]).toEqual([2, 2]);
    expect(list.at(-1)).toBeInstanceOf(ReLU);
    expect(() => list()).toThrow(/Loop over it/);
    const chain = new Sequential(new Linear(1, 1), new ReLU());
    expect([chain.length, [...chain].length]).toEqual([2, 2]);
    expect([...chain.stateDict().keys()]).toEqual(["0.weight", "0.bias"]);
  });
});
