import { Generator, randn, ShapeError, tensor } from "@tenon/numerics";
import { expectClose } from "@tenon/numerics/testing";
import { describe, expect, it } from "vitest";
import { ArcFaceLoss, arcFaceLoss, SubCenterArcFaceLoss } from "./arc-face-loss.ts";
import { ContrastiveLoss, contrastiveLoss } from "./contrastive-loss.ts";
import { CrossBatchMemory } from "./cross-batch-memory.ts";
import { infoNceLoss } from "./info-nce-loss.ts";
import { MarginLoss, marginLoss } from "./margin-loss.ts";
import { batchHardMiner } from "./miners/batch-hard-miner.ts";
import { distanceWeightedMiner } from "./miners/distance-weighted-miner.ts";
import { multiSimilarityMiner } from "./miners/multi-similarity-miner.ts";
import { uniformHistogramMiner } from "./miners/uniform-histogram-miner.ts";
import { multiSimilarityLoss } from "./multi-similarity-loss.ts";
import { pairsFromLabels, tripletsFromLabels, tripletsOfPairs } from "./pair-indices.ts";
import { ProxyAnchorLoss } from "./proxy-anchor-loss.ts";
import { SoftTripleLoss } from "./soft-triple-loss.ts";
import { supConLoss } from "./sup-con-loss.ts";
import { TripletLoss, tripletLoss } from "./triplet-loss.ts";

const LABELS = [0, 0, 1, 1, 2, 2];
const batch = (seed: number) => randn([6, 4], { generator: new Generator(seed) });

describe("pairs and miners", () => {
  it("report how many tuples count as the divisor of a mean", () => {
    expect((infoNceLoss.parts(batch(1), LABELS).divisor as { item(): number }).item()).toBe(6);
    expect((tripletLoss.parts(batch(1), LABELS, { average: "all" }).divisor as { item(): number }).item()).toBe(24);
    expect((supConLoss.parts(batch(1), [0, 0, 1, 2, 3, 4]).divisor as { item(): number }).item()).toBe(2);
  });

  it("give a loss of 0 with a gradient of 0 where there is no pair, or what onEmpty says", () => {
    const x = tensor(
      [
        [1, 2, 3],
        [2, 1, 0],
      ],
      { requiresGrad: true },
    );
    const loss = infoNceLoss(x, [0, 1]);
    loss.backward();
    expect(loss.item()).toBe(0);
    expect(x.grad!.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(infoNceLoss(x, [0, 1], { onEmpty: "nan" }).item()).toBeNaN();
    expect(() => infoNceLoss(x, [0, 1], { onEmpty: "throw" })).toThrow(/the mean of no losses is not defined/);
  });

  it("make of all pairs all triplets", () => {
    const given = tripletsOfPairs(pairsFromLabels(LABELS));
    const made = tripletsFromLabels(LABELS);
    for (const key of ["anchors", "positives", "negatives"] as const) {
      expect(given[key].toArray()).toEqual(made[key].toArray());
    }
  });

  it("give a loss the same triplets as its own mining", () => {
    const x = batch(2);
    const indices = batchHardMiner(x, LABELS);
    expect(tripletLoss(x, LABELS, { indices, margin: 1 }).item()).toBe(
      tripletLoss(x, LABELS, { mining: "batchHard", margin: 1 }).item(),
    );
  });

  it("draw negatives of other classes with a weight for their distance, the same ones for one seed", () => {
    const x = batch(3);
    const mine = (seed: number) => distanceWeightedMiner(x, LABELS, { generator: new Generator(seed) });
    const { anchors, positives, negatives } = mine(1);
    const rows = [anchors, positives, negatives].map((t) => t.toArray() as number[]);
    rows[0]!.forEach((a, i) => {
      expect(LABELS[rows[1]![i]!]).toBe(LABELS[a]);
      expect(LABELS[rows[2]![i]!]).not.toBe(LABELS[a]);
    });
    expect(mine(1).negatives.toArray()).toEqual(negatives.toArray());
  });

  it("draw by the inverse density of distances on a sphere", () => {
    // In 4 dimensions the weights of distances 0.5 and 1 are 0.5^-2 (1 - 1/16)^-0.5 and 1^-2 (1 - 1/4)^-0.5.
    const at = (d: number) => [1 - (d * d) / 2, Math.sqrt(1 - (1 - (d * d) / 2) ** 2), 0, 0];
    const x = [[1, 0, 0, 0], [1, 0, 0, 0], at(0.5), at(1)];
    const generator = new Generator(5);
    const draws = Array.from({ length: 2000 }, () => distanceWeightedMiner(x, [0, 0, 1, 2], { generator }));
    const near = draws.flatMap(({ negatives }) => (negatives.toArray() as number[]).filter((n) => n === 2)).length;
    const [w, v] = [4 / Math.sqrt(15 / 16), 1 / Math.sqrt(3 / 4)];
    const share = w / (w + v);
    // Five standard errors.
    expect(Math.abs(near / 4000 - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / 4000));
  });

  it("draw as many pairs from every bin that has some", () => {
    const x = [
      [1, 0],
      [1, 0],
      [0.96, 0.28],
      [0, 1],
    ];
    const { anchors, negatives } = uniformHistogramMiner(x, [0, 0, 1, 1], {
      bins: 2,
      positivesPerBin: 3,
      negativesPerBin: 4,
      generator: new Generator(1),
    });
    expect(anchors.size).toBe(6);
    expect(negatives.size).toBe(8);
    expect((negatives.toArray() as number[]).slice(0, 4).every((n) => n !== 3)).toBe(true);
  });
});

describe("losses with parameters", () => {
  it("start from the generator and train their parameters", () => {
    const make = () => new ArcFaceLoss(3, 4, { generator: new Generator(1), scale: 8 });
    const loss = make();
    expect(loss.weight.toArray()).toEqual(make().weight.toArray());
    expect([...loss.namedParameters()].map(([name, { shape }]) => [name, shape])).toEqual([["weight", [3, 4]]]);
    const value = loss(batch(4), LABELS);
    expect(value.item()).toBe(arcFaceLoss(batch(4), LABELS, loss.weight, { scale: 8 }).item());
    value.backward();
    expect(loss.weight.grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  it("have several vectors a class where they say so", () => {
    expect(new SubCenterArcFaceLoss(5, 4).weight.shape).toEqual([5, 3, 4]);
    expect(new SubCenterArcFaceLoss(5, 4, { centers: 2 }).weight.shape).toEqual([5, 2, 4]);
    expect(new SoftTripleLoss(5, 4).weight.shape).toEqual([5, 10, 4]);
    expect(new ProxyAnchorLoss(5, 4, { dtype: "float64" }).weight.dtype).toBe("float64");
    const loss = new SubCenterArcFaceLoss(3, 4, { generator: new Generator(2) })(batch(4), LABELS);
    expect(Number.isFinite(loss.item() as number)).toBe(true);
  });

  it("learn the boundary of the margin loss, for all classes or each", () => {
    const loss = new MarginLoss({ classes: 3, margin: 0.5 });
    const value = loss(batch(5), LABELS);
    expectClose(value, marginLoss(batch(5), LABELS, { margin: 0.5, beta: 1.2 }), { relative: 1e-6 });
    value.backward();
    expect(loss.beta.grad!.shape).toEqual([3]);
    expect([...new MarginLoss().namedParameters()].map(([name]) => name)).toEqual(["beta"]);
    expect(new MarginLoss({ learnBeta: false }).beta.requiresGrad).toBe(false);
  });
});

describe("CrossBatchMemory", () => {
  it("gives the loss of the batch itself while it holds nothing else", () => {
    const memory = new CrossBatchMemory(new ContrastiveLoss(), { embeddingSize: 4 });
    expectClose(memory(batch(1), LABELS), contrastiveLoss(batch(1), LABELS), { relative: 1e-6 });
    expect(memory.cursor.toArray()).toEqual([6, 6]);
  });

  it("sends gradients to the batch alone, also after the memory was written to again", () => {
    const memory = new CrossBatchMemory(new TripletLoss({ margin: 1 }), { embeddingSize: 4, memorySize: 8 });
    const [x, y] = [batch(1), batch(2)];
    for (const t of [x, y]) t.requiresGrad = true;
    const first = memory(x, LABELS);
    const second = memory(y, LABELS);
    second.backward();
    expect(x.grad).toBeNull();
    expect(y.grad!.abs().sum().item()).toBeGreaterThan(0);
    first.backward();
    expect(x.grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  it("shows the memory to a miner, and no embedding its own copy", () => {
    const memory = new CrossBatchMemory(multiSimilarityLoss, { embeddingSize: 4, miner: multiSimilarityMiner });
    memory(batch(1), LABELS);
    const x = batch(2);
    const references = {
      referenceEmbeddings: [...(batch(1).toArray() as number[][]), ...(x.toArray() as number[][])],
      referenceLabels: [...LABELS, ...LABELS],
      ownReference: [6, 7, 8, 9, 10, 11],
    };
    const indices = multiSimilarityMiner(x, LABELS, references);
    expectClose(memory(x, LABELS), multiSimilarityLoss(x, LABELS, { ...references, indices }), { relative: 1e-6 });
  });

  it("hands on the parameters of its loss, forgets, and refuses what does not fit", () => {
    const memory = new CrossBatchMemory(new MarginLoss(), { embeddingSize: 4, memorySize: 6 });
    expect([...memory.namedParameters()].map(([name]) => name)).toEqual(["loss.beta"]);
    memory(batch(1), LABELS);
    memory.reset();
    expect(memory.cursor.toArray()).toEqual([0, 0]);
    expect(() => memory([[1, 2]], [0])).toThrow(ShapeError);
    expect(() => memory(randn([7, 4]), [0, 0, 0, 0, 0, 0, 0])).toThrow(
      /the batch does not fit the memory.*N at most 6/,
    );
  });
});
