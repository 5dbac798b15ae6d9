import { binaryCrossEntropyWithLogits, crossEntropy } from "@tenon/losses";
import {
  arange,
  embedding,
  gelu,
  layerNorm,
  noGrad,
  Parameter,
  softmax,
  type Tensor,
  tidy,
  where,
} from "@tenon/numerics";
import { AdamW } from "@tenon/train";
import { fill, ints, leaf, meanAbs } from "./data.ts";
import { forward, forwardBackward, type Workload } from "./workload.ts";

const M4 = 4 * 1024 * 1024;
const M16 = 16 * 1024 * 1024;

/** Forward alone, and with backward; `setup` gives the function of x. */
function pair(
  name: string,
  shape: number[],
  range: number,
  setup: () => (x: Tensor) => Tensor,
  gradient?: number,
): Workload[] {
  return [
    {
      name,
      make: () => {
        const compute = setup();
        const x = fill(1, shape, -range, range);
        return forward(() => compute(x));
      },
    },
    {
      name: `${name}/forward+backward`,
      make: () => {
        const compute = setup();
        const x = leaf(1, shape, -range, range);
        return forwardBackward(() => compute(x), [x], gradient === undefined ? undefined : fill(gradient, shape));
      },
    },
  ];
}

function attention(name: string, causal: boolean): Workload {
  return {
    name: `${name}/8x8x256x64/forward+backward`,
    make: () => {
      const shape = [8, 8, 256, 64];
      const [q, k, v] = [1, 2, 3].map((seed) => leaf(seed, shape)) as [Tensor, Tensor, Tensor];
      const places = arange(256);
      const mask = places.gt(places.unsqueeze(1));
      const compute = () => {
        const scores = q.matmul(k.transpose(-2, -1)).mul(0.125);
        const masked = causal ? where(mask, Number.NEGATIVE_INFINITY, scores) : scores;
        return softmax(masked, -1).matmul(v);
      };
      return forwardBackward(compute, [q, k, v], fill(4, shape));
    },
  };
}

function adamw(): Workload {
  return {
    name: "adamw-step/10M",
    bytes: 7 * 4 * 10 * 1024 * 1024,
    make: () => {
      const parameters = Array.from({ length: 10 }, (_, i) => new Parameter(fill(10 + i, [1024, 1024])));
      parameters.forEach((p, i) => {
        p.grad = fill(30 + i, [1024, 1024]);
      });
      const optimizer = new AdamW(parameters, { lr: 1e-3, weightDecay: 0.01 });
      for (let i = 0; i < 3; i++) optimizer.step();
      return { run: () => tidy(() => void optimizer.step()), checksum: meanAbs(...parameters) };
    },
  };
}

export const workloads: readonly Workload[] = [
  {
    name: "cross-entropy/1024x32000/forward+backward",
    make: () => {
      const x = leaf(1, [1024, 32000], -4, 4);
      const y = ints(2, 1024, 32000);
      return forwardBackward(() => crossEntropy(x, y), [x]);
    },
  },
  ...pair("cross-entropy/4096x1000", [4096, 1000], 4, () => {
    const y = ints(2, 4096, 1000);
    return (x) => crossEntropy(x, y);
  }),
  ...pair("bce-with-logits/4M", [M4], 4, () => {
    const t = ints(2, M4, 2).to("float32");
    return (x) => binaryCrossEntropyWithLogits(x, t);
  }),
  ...pair("softmax/4096x1000", [4096, 1000], 4, () => (x) => softmax(x, -1), 3),
  ...pair("gelu/4M", [M4], 4, () => (x) => gelu(x), 3),
  {
    name: "layer-norm/4096x768",
    make: () => {
      const [x, weight, bias] = [fill(1, [4096, 768]), fill(2, [768]), fill(3, [768])];
      return forward(() => layerNorm(x, [768], { weight, bias, eps: 1e-5 }));
    },
  },
  {
    name: "layer-norm/4096x768/forward+backward",
    make: () => {
      const [x, weight, bias] = [leaf(1, [4096, 768]), leaf(2, [768]), leaf(3, [768])];
      const compute = () => layerNorm(x, [768], { weight, bias, eps: 1e-5 });
      return forwardBackward(compute, [x, weight, bias], fill(4, [4096, 768]));
    },
  },
  {
    name: "add/16M",
    bytes: 12 * M16,
    make: () => {
      const [a, b] = [fill(1, [M16]), fill(2, [M16])];
      return forward(() => a.add(b));
    },
  },
  {
    name: "add/16M-inplace",
    bytes: 12 * M16,
    make: () => {
      const [a, b] = [fill(1, [M16]), fill(2, [M16])];
      const checksum = tidy(() => meanAbs(a.add(b)));
      b.mul_(1e-6);
      return { run: () => noGrad(() => void a.add_(b)), checksum };
    },
  },
  {
    name: "add/broadcast",
    bytes: 8 * M16,
    make: () => {
      const [a, b] = [fill(1, [4096, 4096]), fill(2, [4096])];
      return forward(() => a.add(b));
    },
  },
  {
    name: "sum/16M",
    bytes: 4 * M16,
    make: () => {
      const a = fill(1, [M16]);
      return forward(() => a.sum());
    },
  },
  adamw(),
  {
    name: "embedding/32x128x50000/forward+backward",
    make: () => {
      const table = leaf(1, [50000, 256]);
      const index = ints(2, 32 * 128, 50000).reshape([32, 128]);
      return forwardBackward(() => embedding(index, table), [table], fill(3, [32, 128, 256]));
    },
  },
  attention("attention", false),
  attention("attention-causal", true),
];
