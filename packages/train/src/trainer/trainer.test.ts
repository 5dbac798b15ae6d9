import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crossEntropy } from "@tenon/losses";
import { Linear, load } from "@tenon/models";
import { ArgumentError, FileError, Generator, manualSeed, memory, type Tensor, tensor } from "@tenon/numerics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkpoint, resume } from "../callbacks/checkpoint.ts";
import { earlyStopping } from "../callbacks/early-stopping.ts";
import { NonFiniteError, nanGuard } from "../callbacks/nan-guard.ts";
import { formatDuration, progressBar } from "../callbacks/progress-bar.ts";
import { Accuracy } from "../metrics/accuracy.ts";
import { Adam } from "../optimizers/adam.ts";
import { SGD } from "../optimizers/sgd.ts";
import { StepLR } from "../schedulers/step-lr.ts";
import type { Callback } from "./callback.ts";
import { type Batch, type BatchSource, Trainer, type TrainerOptions } from "./trainer.ts";

const CLASSES = 3;

/** Points around three corners, in batches; the last one is smaller. It can go on from a position, as loaders do. */
class Points implements BatchSource {
  readonly length: number;
  epoch = 0;
  #next = 0;
  readonly #batchSize: number;
  readonly #samples: number;

  constructor(batchSize = 8, samples = 44) {
    this.#batchSize = batchSize;
    this.#samples = samples;
    this.length = Math.ceil(samples / batchSize);
  }

  stateDict() {
    return { epoch: this.epoch, next: this.#next };
  }

  loadStateDict(state: { epoch: number; next: number }) {
    this.epoch = state.epoch;
    this.#next = state.next;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    const first = this.#next;
    for (let i = first; i < this.length; i++) {
      const count = Math.min(this.#batchSize, this.#samples - i * this.#batchSize);
      const g = new Generator(1).stream(this.epoch, i);
      const labels = Array.from({ length: count }, () => g.integer(CLASSES));
      const points = labels.map((c) => [g.normal(c === 1 ? 2 : 0, 0.5), g.normal(c === 2 ? 2 : 0, 0.5)]);
      this.#next = i + 1 === this.length ? 0 : i + 1;
      yield [tensor(points), tensor(labels.map(BigInt))];
    }
  }
}

function make(options: Partial<TrainerOptions> = {}): Trainer {
  manualSeed(3);
  const model = new Linear(2, CLASSES);
  const optimizer = new Adam(model.namedParameters(), { lr: 0.05 });
  return new Trainer({
    model,
    loss: crossEntropy,
    optimizer,
    scheduler: new StepLR(optimizer, { stepSize: 4, gamma: 0.9 }),
    metrics: { accuracy: new Accuracy({ classes: CLASSES }) },
    ...options,
  });
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tenon-train-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe("Trainer", () => {
  it("learns, logs loss and metrics, and evaluates", async () => {
    const trainer = make();
    const history = await trainer.fit(new Points(), { epochs: 10, validation: new Points(16) });
    expect(history).toHaveLength(10);
    expect(Object.keys(history[0]!.logs)).toEqual(["loss", "accuracy", "val/loss", "val/accuracy"]);
    expect(history[9]!.logs["val/accuracy"]).toBeGreaterThan(0.9);
    expect(trainer.losses).toHaveLength(60);
    const { accuracy } = await trainer.evaluate(new Points(11));
    expect(accuracy).toBeGreaterThan(0.9);
    expect(trainer.model.training).toBe(true);
    const outputs = await trainer.predict(new Points());
    expect(outputs.map((t: Tensor) => t.shape[0])).toEqual([8, 8, 8, 8, 8, 4]);
  });

  it("keeps memory flat", async () => {
    const trainer = make();
    await trainer.fit(new Points(), { epochs: 1 });
    const before = memory().live;
    await trainer.fit(new Points(), { epochs: 4 });
    expect(memory().live - before).toBeLessThanOrEqual(0);
  });

  it("weighs accumulated batches by their samples, so that they make the same step as one large batch", async () => {
    const batch = (from: number, to: number): Batch => [
      tensor(
        [
          [1, 2],
          [3, -1],
          [0.5, 4],
        ].slice(from, to),
      ),
      tensor([0n, 1n, 2n].slice(from, to)),
    ];
    const step = async (batches: (() => Batch)[]) => {
      manualSeed(3);
      const model = new Linear(2, CLASSES);
      // Not Adam: its first step is the gradient's sign, which rounding decides where the gradient is nearly 0.
      const optimizer = new SGD(model.parameters(), { lr: 0.1 });
      const trainer = make({ model, optimizer, accumulate: batches.length });
      const source = {
        length: batches.length,
        async *[Symbol.asyncIterator]() {
          for (const b of batches) yield b();
        },
      };
      await trainer.fit(source, { epochs: 1 });
      expect(trainer.step).toBe(1);
      return [...trainer.model.stateDict().values()].flatMap((w) => [...(w.data() as Float32Array)]);
    };
    const whole = await step([() => batch(0, 3)]);
    const parts = await step([() => batch(0, 2), () => batch(2, 3)]);
    parts.forEach((w, i) => {
      expect(w).toBeCloseTo(whole[i]!, 6);
    });
  });

  it("goes on exactly from a checkpoint in the middle of an epoch", async () => {
    const whole = make();
    await whole.fit(new Points(), { epochs: 3 });
    const controller = new AbortController();
    const stopAt9: Callback = {
      stepEnd(trainer) {
        if (trainer.step === 9) controller.abort();
      },
    };
    const first = make({ callbacks: [checkpoint({ dir, everySteps: 3 }), stopAt9] });
    await first.fit(new Points(), { epochs: 3, signal: controller.signal });
    expect(first.stopped).toBe("aborted");
    const second = make();
    const source = new Points();
    await resume(second, dir, source);
    expect([second.epoch, second.step, second.batch]).toEqual([1, 9, 3]);
    await second.fit(source, { epochs: 3 });
    expect(second.losses).toEqual(whole.losses);
    const weights = (t: Trainer) => [...t.model.stateDict().values()].map((w) => w.toArray());
    expect(weights(second)).toEqual(weights(whole));
  });

  it("saves the best model and leaves no stray files", async () => {
    dir = join(dir, "made", "when missing");
    const trainer = make({ callbacks: [checkpoint({ dir, monitor: "val/loss" })] });
    await trainer.fit(new Points(), { epochs: 3, validation: new Points() });
    expect((await readdir(dir)).sort()).toEqual(["best.safetensors", "last-18.safetensors", "last.json"]);
    expect([...(await load(`${dir}/best.safetensors`)).keys()].sort()).toEqual(["bias", "weight"]);
  });

  it("stops early, on request and on bad losses", async () => {
    const early = make({ callbacks: [earlyStopping({ monitor: "loss", patience: 2, minDelta: 100 })] });
    await early.fit(new Points(), { epochs: 50 });
    expect(early.epoch).toBe(3);
    expect(early.stopped).toContain("has not improved for 2 epochs");
    const bad = make({ callbacks: [nanGuard()], loss: (x, y) => crossEntropy(x, y).mul(Number.NaN) });
    await expect(bad.fit(new Points(), { epochs: 1 })).rejects.toThrow(NonFiniteError);
  });

  it("refuses what it cannot do, with a remedy", async () => {
    const unknown = make({ callbacks: [earlyStopping({ monitor: "val/loss" })] });
    await expect(unknown.fit(new Points(), { epochs: 2 })).rejects.toThrow("Pass { validation } to fit()");
    await expect(make().fit(new Points(), { epochs: 1.5 })).rejects.toThrow(ArgumentError);
    expect(() => make({ accumulate: 0 })).toThrow("accumulate");
    await expect(resume(make(), join(dir, "nowhere"))).rejects.toThrow(FileError);
  });
});

describe("progressBar", () => {
  const show = async (isTTY: boolean) => {
    let text = "";
    const stream = { isTTY, columns: 200, write: (part: string) => (text += part) };
    await make({ callbacks: [progressBar({ stream, interval: 0 })] }).fit(new Points(), { epochs: 2 });
    return text;
  };

  it("redraws one line on a terminal", async () => {
    const text = await show(true);
    expect(text).toMatch(/\repoch 1\/2 {2}█+.* loss [\d.]+ {2}accuracy [\d.]+ % {2}\d+ samples\/s {2}0:0\d left/);
    expect(text.split("\n")).toHaveLength(3);
  });

  it("writes plain lines elsewhere", async () => {
    const text = await show(false);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(text).not.toMatch(/[\r\u001b]/);
    expect(text).toMatch(/^epoch 1\/2 {2}loss [\d.]+ {2}accuracy [\d.]+ % {2}0:00\nepoch 2\/2/);
  });

  it("writes durations for people", () => {
    expect([7.2, 750, 3723].map(formatDuration)).toEqual(["0:07", "12:30", "1:02:03"]);
  });
});
