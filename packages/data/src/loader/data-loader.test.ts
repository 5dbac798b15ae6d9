import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { FormatError, Generator, manualSeed, ShapeError, Tensor } from "@tenon/numerics";
import { afterEach, describe, expect, it } from "vitest";
import { Squares } from "../../fixtures/squares.mjs";
import type { SampleSource } from "../datasets/dataset.ts";
import { ImageDataset, sharedBytes } from "../datasets/image-dataset.ts";
import { ImageFolder } from "../datasets/image-folder.ts";
import { Subset } from "../datasets/subset.ts";
import { Compose } from "../transforms/compose.ts";
import { Lambda } from "../transforms/lambda.ts";
import { Normalize } from "../transforms/normalize.ts";
import { RandomCrop } from "../transforms/random-crop.ts";
import { RandomHorizontalFlip } from "../transforms/random-flip.ts";
import { ToTensor } from "../transforms/to-tensor.ts";
import type { DenseArray } from "../value.ts";
import { DataLoader } from "./data-loader.ts";
import type { LoaderState } from "./options.ts";

const COUNT = 23;
const pixels = sharedBytes(COUNT * 48);
const labels = sharedBytes(COUNT);
new Generator(5).permutation(pixels.length).forEach((value, i) => {
  pixels[i] = value;
});
labels.forEach((_, i) => {
  labels[i] = i;
});

function images(): ImageDataset<DenseArray> {
  const transform = new Compose([
    new RandomCrop(4, { padding: 2 }),
    new RandomHorizontalFlip(),
    new ToTensor(),
    new Normalize([0.5], [0.5]),
  ]);
  const classes = Array.from({ length: COUNT }, (_, i) => `class ${i}`);
  return new ImageDataset({ pixels, labels, width: 4, height: 4, channels: 3, classes, transform });
}

type Row = readonly [labels: number[], first: number];

/** What identifies each batch: its labels and its pixels' sum. */
async function rowsOf(batches: AsyncIterable<readonly DenseArray[]>, most = Number.POSITIVE_INFINITY): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const [x, y] of batches) {
    const sum = (x!.data as Float32Array).reduce((a, b, i) => a + b * (i + 1), 0);
    rows.push([[...(y!.data as BigInt64Array)].map(Number), sum]);
    if (rows.length === most) break;
  }
  return rows;
}

const loaders: DataLoader<never, unknown>[] = [];
function loader(options: ConstructorParameters<typeof DataLoader>[1] = {}) {
  const made = new DataLoader(images(), { batchSize: 5, shuffle: true, seed: 7, ...(options as object) });
  loaders.push(made as never);
  return made;
}

afterEach(async () => {
  for (const made of loaders.splice(0)) await made.close();
});

describe("DataLoader", () => {
  it("gives batches of tensors with the types of the samples", async () => {
    let seen = 0;
    for await (const [inputs, targets] of loader()) {
      expect(inputs).toBeInstanceOf(Tensor);
      expect(inputs.shape).toEqual([seen < 20 ? 5 : 3, 3, 4, 4]);
      expect([inputs.dtype, targets.dtype]).toEqual(["float32", "int64"]);
      seen += targets.shape[0]!;
    }
    expect(seen).toBe(COUNT);
  });

  it("takes every sample once an epoch, in another order each epoch, the same for one seed", async () => {
    const a = loader();
    const [first, second] = [await rowsOf(a.arrays()), await rowsOf(a.arrays())];
    const everyone = Array.from({ length: COUNT }, (_, i) => i);
    expect(first.flatMap(([y]) => y).sort((x, y) => x - y)).toEqual(everyone);
    expect(first).not.toEqual(second);
    const b = loader();
    expect([await rowsOf(b.arrays()), await rowsOf(b.arrays())]).toEqual([first, second]);
    b.epoch = 1;
    expect(await rowsOf(b.arrays())).toEqual(second);
    expect(await rowsOf(loader({ seed: 8 }).arrays())).not.toEqual(first);
  });

  it("keeps the order without shuffle, and leaves out what is not full with dropLast", async () => {
    const rows = await rowsOf(loader({ shuffle: false, dropLast: true }).arrays());
    expect(rows.map(([y]) => y)).toEqual([0, 5, 10, 15].map((k) => [k, k + 1, k + 2, k + 3, k + 4]));
    expect([loader().length, loader({ dropLast: true }).length]).toEqual([5, 4]);
  });

  it("takes its seed from the default generator without drawing from it", async () => {
    const random = manualSeed(7);
    const before = random.state();
    const made = new DataLoader(images(), { batchSize: 5, shuffle: true });
    expect(await rowsOf(made.arrays())).toEqual(await rowsOf(loader().arrays()));
    expect(random.state()).toEqual(before);
  });

  it("says at once which option is wrong", () => {
    expect(() => loader({ batchSize: 0 })).toThrow(
      "DataLoader: batchSize must be a whole number of 1 or more. Received 0",
    );
    expect(() => loader({ numWorkers: -1 })).toThrow("numWorkers");
    const sampler = { length: 1, order: () => [0] };
    expect(() => loader({ sampler })).toThrow("shuffle and sampler exclude each other");
    expect(() => loader().loadStateDict({ seed: "x", epoch: 0, batch: 0 })).toThrow("decimal digits");
    expect(() => loader().loadStateDict(undefined as never)).toThrow("epoch must be a whole number");
  });

  it("names sample and shapes when samples do not fit together", async () => {
    const ragged: SampleSource<Float32Array> = { length: 3, get: (i) => new Float32Array(i < 2 ? 2 : 3) };
    const next = new DataLoader(ragged, { batchSize: 3 }).arrays().next();
    await expect(next).rejects.toThrow(ShapeError);
    await expect(new DataLoader(ragged, { batchSize: 3 }).arrays().next()).rejects.toThrow(/sample 2 of the batch/);
  });

  it("takes a collate function, with and without workers", async () => {
    for (const numWorkers of [0, 1]) {
      const made = new DataLoader(images(), {
        batchSize: 4,
        numWorkers,
        collate: (samples) => samples.map(([, y]) => y),
      });
      const first = await made[Symbol.asyncIterator]().next();
      expect(first.value).toEqual([0, 1, 2, 3]);
      await made.close();
    }
  });

  it("samples in proportion to weights", async () => {
    const { WeightedRandomSampler } = await import("./sampler.ts");
    const sampler = new WeightedRandomSampler([0, 1, 3, 0], 4000);
    const counts = [0, 0, 0, 0];
    for (const i of sampler.order(new Generator(2))) counts[i]!++;
    expect([counts[0], counts[3]]).toEqual([0, 0]);
    expect(Math.abs(counts[1]! - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });
});

describe("workers", () => {
  it("give the stream of samples that no workers give", async () => {
    const expected = await rowsOf(loader().arrays());
    for (const numWorkers of [1, 3]) expect(await rowsOf(loader({ numWorkers }).arrays())).toEqual(expected);
  });

  it("stay for the next loop when asked to", async () => {
    const plain = loader();
    const kept = loader({ numWorkers: 2, persistentWorkers: true });
    for (let epoch = 0; epoch < 2; epoch++) expect(await rowsOf(kept.arrays())).toEqual(await rowsOf(plain.arrays()));
  });

  it("make a data set from a module's URL", async () => {
    const make = () =>
      new DataLoader(new Squares(7), {
        batchSize: 3,
        numWorkers: 2,
        seed: 1,
      });
    const names: string[] = [];
    for await (const { square, name, even } of make()) {
      names.push(...name);
      expect([square.dtype, even.dtype]).toEqual(["float32", "bool"]);
    }
    expect(names).toEqual(["n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
  });

  it("pass an error on with its class and the sample's index", async () => {
    for (const numWorkers of [0, 2]) {
      const broken = new DataLoader(new Squares(9, 4), { batchSize: 2, numWorkers });
      const run = async () => {
        for await (const _ of broken) {
        }
      };
      await expect(run()).rejects.toThrow(RangeError);
      await expect(run()).rejects.toThrow("this one is broken (sample 4)");
    }
  });

  it("pass typed errors on with their fields", async () => {
    const path = fileURLToPath(new URL("../../fixtures/crops.json", import.meta.url));
    const folder = new ImageFolder({ files: [path], labels: [0], classes: ["a"] });
    const next = new DataLoader(folder, { numWorkers: 1 }).arrays().next();
    await expect(next).rejects.toThrow(FormatError);
    await expect(next).rejects.toMatchObject({
      code: "FORMAT",
      op: "decodeImage",
      message: /neither PNG.*\(sample 0\)$/,
    });
  });

  it("refuse what has no spec, with the remedy", () => {
    const lambda = new ImageDataset({
      pixels,
      labels: [0],
      width: 4,
      height: 4,
      channels: 3 * COUNT,
      classes: ["a"],
      transform: new Lambda((x) => x),
    });
    expect(() => new DataLoader(lambda, { numWorkers: 1 })).toThrow("no spec. Received Lambda");
    expect(() => new DataLoader({ length: 1, get: () => 1 }, { numWorkers: 1 })).toThrow("use numWorkers: 0");
  });

  it("do not keep a process alive, however a loop ends", () => {
    const script = fileURLToPath(new URL("../../fixtures/loop-and-leave.mjs", import.meta.url));
    expect(execFileSync(process.execPath, [script], { encoding: "utf8", timeout: 20_000 })).toBe("left\n");
  });
});

describe("the loader's state", () => {
  /** All batches of two epochs, in one go and with a change of loaders after every `step` batches. */
  async function inPieces(step: number, workers: readonly number[]): Promise<Row[]> {
    const rows: Row[] = [];
    let state: LoaderState | undefined;
    for (let i = 0; rows.length < 10; i++) {
      const next = loader({ numWorkers: workers[i % workers.length]! });
      if (state !== undefined) next.loadStateDict(JSON.parse(JSON.stringify(state)));
      rows.push(...(await rowsOf(next.arrays(), step)));
      state = next.stateDict();
      await next.close();
    }
    return rows;
  }

  it("goes on exactly, again and again, also with another number of workers", async () => {
    const whole = loader();
    const expected = [...(await rowsOf(whole.arrays())), ...(await rowsOf(whole.arrays()))];
    for (const step of [1, 2, 3]) expect(await inPieces(step, [0])).toEqual(expected);
    expect(await inPieces(2, [0, 1, 2])).toEqual(expected);
  });

  it("is at the batch behind the one that was given out", async () => {
    const made = loader();
    for await (const _ of made.arrays()) {
      if (made.stateDict().batch === 2) break;
    }
    expect(made.stateDict()).toEqual({ seed: "7", epoch: 0, batch: 2 });
    for await (const _ of made.arrays()) {
      expect(made.stateDict()).toEqual({ seed: "7", epoch: 1, batch: 1 });
      break;
    }
  });
});

describe("Subset", () => {
  it("runs in workers over what it is a part of", async () => {
    const part = new Subset(images(), [3, 1, 4]);
    const rows = await rowsOf(new DataLoader(part, { batchSize: 3, numWorkers: 1, seed: 1 }).arrays());
    expect(rows[0]![0]).toEqual([3, 1, 4]);
    expect(rows).toEqual(await rowsOf(new DataLoader(part, { batchSize: 3, seed: 1 }).arrays()));
  });
});
