import { crossEntropy, linearCrossEntropy } from "@tenon/losses";
import { linear, memory, resetPeakMemory, type Tensor, tidy } from "@tenon/numerics";
import { SGD } from "@tenon/train";
import { fill, ints, leaf } from "./data.ts";
import type { Workload } from "./workload.ts";

const ROWS = 4096;
const FEATURES = 512;
const CLASSES = 50_000;

/** A step of plain SGD on a vocabulary's matrix, and on hidden states as a network below would get their gradient. */
function step(name: string, loss: (x: Tensor, w: Tensor, target: Tensor) => Tensor): Workload {
  return {
    name: `${name}/${ROWS}x${FEATURES}x${CLASSES}/step`,
    flop: 6 * ROWS * FEATURES * CLASSES,
    make: () => {
      const x = fill(1, [ROWS, FEATURES]);
      const w = leaf(2, [CLASSES, FEATURES], -0.05, 0.05);
      const target = ints(3, ROWS, CLASSES);
      const optimizer = new SGD([w], { lr: 0.1 });
      const run = () =>
        tidy(() => {
          const hidden = x.detach();
          hidden.requiresGrad = true;
          optimizer.zeroGrad();
          const value = loss(hidden, w, target);
          value.backward();
          optimizer.step();
          return value.item() as number;
        });
      resetPeakMemory();
      const checksum = run();
      const peakBytes = memory().peak;
      return { run, checksum, peakBytes };
    },
  };
}

/** The loss of a large vocabulary in chunks, and with all logits at once: 0.8 GB, and as much again for their gradient. */
export const workloads: readonly Workload[] = [
  step("linear-cross-entropy", (x, w, target) => linearCrossEntropy(x, w, target)),
  step("linear-then-cross-entropy", (x, w, target) => crossEntropy(linear(x, w), target)),
];
