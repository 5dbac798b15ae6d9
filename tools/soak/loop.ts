// One loop in a process of its own, started by main.ts: LOOP STEPS RESULT [CSV]
import { writeFileSync } from "node:fs";
import { DataLoader, TensorDataset } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { Conv2d, Linear, MaxPool2d, Module } from "@tenon/models";
import { backend, fromTypedArray, manualSeed, memory, relu, type Tensor, tidy } from "@tenon/numerics";
import { SGD } from "@tenon/train";
import type { Row } from "../runner/report.ts";

const [loop, stepsText, result, csv] = process.argv.slice(2) as [string, string, string, string?];
const STEPS = Number(stepsText);
const BATCH = 32;
/** What the resident memory may rise between the early steps and the last. */
const ALLOWED_MB = 16;

class Net extends Module {
  conv1 = new Conv2d(3, 6, 5);
  pool = new MaxPool2d(2, 2);
  conv2 = new Conv2d(6, 16, 5);
  fc1 = new Linear(400, 120);
  fc2 = new Linear(120, 10);

  forward(x: Tensor): Tensor {
    x = this.pool(relu(this.conv1(x)));
    x = this.pool(relu(this.conv2(x)));
    x = relu(this.fc1(x.flatten(1)));
    return this.fc2(x);
  }
}

interface Reading {
  readonly step: number;
  readonly residentMb: number;
  readonly live: number;
  readonly pooled: number;
}

function batches() {
  const n = 50 * BATCH;
  const pixels = Float32Array.from({ length: n * 3 * 32 * 32 }, (_, i) => ((i * 2654435761) % 1000) / 500 - 1);
  const labels = BigInt64Array.from({ length: n }, (_, i) => BigInt(i % 10));
  const data = new TensorDataset(fromTypedArray(pixels, [n, 3, 32, 32]), fromTypedArray(labels, [n]));
  return new DataLoader(data, { batchSize: BATCH, shuffle: true });
}

function read(step: number): Reading {
  const { live, pooled } = memory();
  return { step, residentMb: process.memoryUsage().rss / 2 ** 20, live, pooled };
}

async function run(): Promise<Reading[]> {
  manualSeed(0);
  const net = new Net();
  const optimizer = new SGD(net.parameters(), { lr: 0.001, momentum: 0.9 });
  const loader = batches();
  const readings: Reading[] = [];
  const train = (inputs: Tensor, labels: Tensor) => {
    optimizer.zeroGrad();
    const loss = crossEntropy(net(inputs), labels);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  for (let step = 0; step < STEPS; ) {
    for await (const [inputs, labels] of loader) {
      if (loop === "tidy") {
        tidy(() => train(inputs, labels));
        inputs.dispose();
        labels.dispose();
      } else {
        train(inputs, labels);
      }
      readings.push(read(step));
      if (++step >= STEPS) break;
    }
  }
  return readings;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function rowsOf(readings: readonly Reading[]): Row[] {
  const name = `${loop}/${backend().backend}`;
  const part = (from: number, to: number) => readings.slice(from, to).map(({ residentMb }) => residentMb);
  const early = median(part(STEPS / 10, STEPS / 10 + 100));
  const late = median(part(STEPS - 100, STEPS));
  const resident = `resident: median ${early.toFixed(1)} MB at first, ${late.toFixed(1)} MB at the end`;
  if (loop === "for-await") {
    const verdict = late <= early + ALLOWED_MB ? "passed" : "failed";
    return [{ name, verdict, detail: `${resident}, allowed ${ALLOWED_MB} MB more` }];
  }
  // Here nothing is left to the garbage collector but JavaScript's own objects, whose heap V8 sizes as it likes: the engine's memory is what must not grow.
  const [first, last] = [readings[Math.floor(STEPS / 10)]!, readings.at(-1)!];
  const growth = last.live - first.live;
  const detail = `${growth} bytes of growth in live memory; ${last.live} live, ${last.pooled} pooled; ${resident}`;
  return [{ name, verdict: growth === 0 ? "passed" : "failed", detail }];
}

const readings = await run();
if (csv) {
  const lines = readings.filter(({ step }) => step % 10 === 0).map((r) => Object.values(r).join(","));
  writeFileSync(csv, `step,resident_mb,live,pooled\n${lines.join("\n")}\n`);
}
writeFileSync(result, JSON.stringify(rowsOf(readings)));
process.exit(0);
