import { expect, test } from "vitest";
import { tensor } from "../create.ts";
import { memory, resetPeakMemory } from "../memory.ts";
import { tidy } from "../scope.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";
import { sum } from "./sum.ts";

const logits = [
  [20, 0, -3],
  [0.5, 1, 2],
];

test("a second backward pass, which finds the stored gradient gone, computes the same again", () => {
  const x = tensor(logits, { requiresGrad: true });
  const loss = softmaxCrossEntropy(x, [0, 2]);
  loss.backward(undefined, { retainGraph: true });
  const once = [...(x.grad!.data() as Float32Array)];
  loss.backward();
  expect([...(x.grad!.data() as Float32Array)]).toEqual(once.map((g) => 2 * g));
});

test("the gradient of a scaled loss is scaled, and that of several rows fits their own losses", () => {
  const x = tensor(logits, { requiresGrad: true });
  softmaxCrossEntropy(x, [0, 2]).mul(8).backward();
  const scaled = x.grad!.toArray();
  x.grad = null;
  sum(softmaxCrossEntropy(x, [0, 2], { reduction: "none" }).mul(4)).backward();
  expect(x.grad!.toArray()).toEqual(scaled);
});

test("a right and confident answer keeps its loss and its gradient", () => {
  const x = tensor([[20, 0]], { requiresGrad: true });
  const loss = softmaxCrossEntropy(x, [0]);
  loss.backward();
  expect(loss.item()).toBe(Math.fround(2.06115362031438e-9));
  expect(x.grad!.toArray()).toEqual([[-Math.fround(2.0611536160657e-9), Math.fround(2.0611536160657e-9)]]);
});

test("a training step holds logits, gradient and rows, no more", () => {
  const [rows, classes] = [512, 1024];
  const x = tensor(new Float32Array(rows * classes), { shape: [rows, classes], requiresGrad: true });
  const target = new BigInt64Array(rows);
  softmaxCrossEntropy(x, target).backward();
  x.grad = null;
  resetPeakMemory();
  const before = memory().live;
  tidy(() => softmaxCrossEntropy(x, target).backward());
  expect(memory().peak - before).toBeLessThan(4 * rows * classes + 64 * rows);
});
