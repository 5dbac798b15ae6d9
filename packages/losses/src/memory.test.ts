import { linear, memory, randint, randn, resetPeakMemory, type Tensor, tidy } from "@tenon/numerics";
import { expect, test } from "vitest";
import { crossEntropy, focalLoss, linearCrossEntropy } from "./index.ts";

// What a loss costs beside its inputs. Small things (targets as int64, the losses of the rows, scratch of a product) have this much room.
const SMALL = 3 * 2 ** 20;

/** Bytes beyond what was there before, at the worst moment of a loss and its backward pass. */
function peakOf(loss: () => Tensor): number {
  const before = memory().live;
  resetPeakMemory();
  tidy(() => loss().backward());
  return memory().peak - before;
}

test("cross entropy takes the logits' gradient and nothing else of their size", () => {
  tidy(() => {
    const logits = randn([1024, 4000]);
    logits.requiresGrad = true;
    const target = randint(0, 4000, [1024], { dtype: "int64" });
    for (const reduction of ["mean", "none"] as const) {
      logits.grad = null;
      const peak = peakOf(() => crossEntropy(logits, target, { reduction }).sum());
      expect(peak, reduction).toBeLessThan(4 * logits.size + SMALL);
    }
  });
});

test("losses of the target's probability take no more than cross entropy does", () => {
  tidy(() => {
    const logits = randn([1024, 4000]);
    logits.requiresGrad = true;
    const target = randint(0, 4000, [1024], { dtype: "int64" });
    expect(peakOf(() => focalLoss(logits, target))).toBeLessThan(4 * logits.size + SMALL);
  });
});

test("linear cross entropy takes its gradients and one chunk of logits", () => {
  tidy(() => {
    const [x, w] = [randn([512, 32]), randn([20_000, 32])];
    for (const t of [x, w]) t.requiresGrad = true;
    const target = randint(0, 20_000, [512], { dtype: "int64" });
    const gradients = 4 * (x.size + w.size);
    const chunked = peakOf(() => linearCrossEntropy(x, w, target, { chunkSize: 64 }));
    expect(chunked).toBeLessThan(gradients + 4 * 64 * 20_000 + SMALL);
    x.grad = null;
    w.grad = null;
    expect(peakOf(() => crossEntropy(linear(x, w), target))).toBeGreaterThan(2 * 4 * 512 * 20_000);
  });
});
