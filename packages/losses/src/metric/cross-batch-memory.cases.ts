import { ArgumentError, stack, type Tensor } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { metricFixtures } from "../testing/metric-samples.ts";
import { ContrastiveLoss } from "./contrastive-loss.ts";
import { CrossBatchMemory } from "./cross-batch-memory.ts";

// Values: tools/fixtures/losses/metric_contrastive.py. Gradients and the miner: metric.test.ts.

export const memory: OpCases = {
  name: "CrossBatchMemory",
  run: (x: Tensor, y: Tensor) => {
    const remember = new CrossBatchMemory(new ContrastiveLoss(), {
      embeddingSize: x.shape[1]!,
      memorySize: 5,
      dtype: x.dtype,
    });
    return stack(
      [0, 2, 4, 6].map((from) => remember(x.narrow(0, from, 2), y.narrow(0, from, 2))),
      0,
    );
  },
  gradient: "what is remembered is a constant",
  onnx: "it changes its own state",
  samples: metricFixtures("metric-contrastive", "CrossBatchMemory"),
  errors: [
    {
      args: ({ index, tensor }) => [tensor([], { shape: [0, 0] }), index([])],
      error: ArgumentError,
      message: /CrossBatchMemory: embeddingSize must be a whole number above 0.*0/,
    },
  ],
};
