import { arange, Generator, linear, noGrad, onesLike, randn, type Tensor, tensor } from "@tenon/numerics";
import { expectClose } from "@tenon/numerics/testing";
import { expect, test } from "vitest";
import { crossEntropy } from "../classification/cross-entropy.ts";
import { logUniformSampler } from "./class-samples.ts";
import { NceLoss, SampledSoftmaxLoss } from "./sampled-loss-classes.ts";
import { nceLoss, sampledSoftmaxLoss } from "./sampled-losses.ts";

const once = (ids: Tensor) => onesLike(ids).to("float64");

test("a sample depends on the seed alone, and unique ones hold no class twice", () => {
  const draw = (seed: number) =>
    logUniformSampler(1000, { generator: new Generator(seed) })(50).ids.toArray() as number[];
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
  expect(new Set(draw(3)).size).toBe(50);
  const all = logUniformSampler(5, { generator: new Generator(1) })(5);
  expect([...(all.ids.toArray() as number[])].sort()).toEqual([0, 1, 2, 3, 4]);
});

test("classes come as often as their expected counts say", () => {
  const [classes, count, rounds] = [20, 4, 1500];
  for (const unique of [false, true]) {
    const sampler = logUniformSampler(classes, { unique, generator: new Generator(7) });
    const [seen, said] = [new Float64Array(classes), new Float64Array(classes)];
    for (let i = 0; i < rounds; i++) {
      const { ids, expectedCount } = sampler(count);
      for (const id of ids.toArray() as number[]) seen[id]! += 1 / rounds;
      (expectedCount(arange(classes).to("int64")).toArray() as number[]).forEach((e, k) => {
        said[k]! += e / rounds;
      });
    }
    // The count of tries is itself drawn, so that a unique sample's expectation is a little off; TensorFlow's is the same.
    expectClose([...seen], [...said], { absolute: 0.04 });
    if (!unique)
      expectClose(
        said.reduce((a, b) => a + b),
        count,
        { relative: 1e-9 },
      );
  }
});

test("a sample of every class once, without counts, is the full cross entropy", () => {
  const generator = new Generator(5);
  const [x, w, b] = [[6, 3], [8, 3], [8]].map((shape) => randn(shape, { generator }));
  const target = tensor([0, 7, 3, 3, 5, 1]).to("int64");
  const samples = { ids: arange(8).to("int64"), expectedCount: once };
  const sampled = sampledSoftmaxLoss(x!, w!, target, { samples, linearBias: b!, reduction: "none" });
  expectClose(sampled, crossEntropy(linear(x!, w!, b!), target, { reduction: "none" }).toArray() as number[], {
    relative: 1e-6,
  });
});

test("the classes own their matrix, draw anew for each call and follow their generator", () => {
  const x = randn([4, 6], { generator: new Generator(2) });
  const target = tensor([0, 3, 99, 40]).to("int64");
  for (const Made of [SampledSoftmaxLoss, NceLoss]) {
    const make = () => new Made(6, 100, { numSampled: 8, generator: new Generator(1) });
    const [a, b] = [make(), make()];
    expect([...a.namedParameters()].map(([name, p]) => [name, p.shape])).toEqual([
      ["weight", [100, 6]],
      ["bias", [100]],
    ]);
    const first = a(x, target).item();
    expect(b(x, target).item()).toBe(first);
    expect(noGrad(() => a(x, target).item())).not.toBe(first);
    a(x, target).backward();
    expect(a.weight.grad!.abs().sum().item()).toBeGreaterThan(0);
    expect(a.bias!.grad!.abs().sum().item()).toBeGreaterThan(0);
  }
  expect([...new NceLoss(6, 100, { bias: false }).namedParameters()].length).toBe(1);
});

test("what cannot be drawn is refused", () => {
  expect(() => logUniformSampler(3)(4)).toThrow(/logUniformSampler: there are not that many different classes.*4 of 3/);
  expect(() => logUniformSampler(0)).toThrow(/logUniformSampler: there must be a class to draw.*0 classes/);
  expect(() => logUniformSampler(3, { unique: false })(0)).toThrow(
    /logUniformSampler: the sample needs a size.*0 of 3/,
  );
  expect(() => nceLoss([[1]], [[1]], [0], {} as never)).toThrow(/nceLoss: samples are missing.*logUniformSampler/);
});
