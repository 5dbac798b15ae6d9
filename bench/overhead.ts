import { mseLoss } from "@tenon/losses";
import { type Tensor, tidy } from "@tenon/numerics";
import { SGD } from "@tenon/train";
import { fill, initParameters, leaf, meanAbs } from "./data.ts";
import { mlp } from "./networks.ts";
import { forwardBackward, type Prepared, trainStep, type Workload } from "./workload.ts";

/** One small operation whose result is dropped at once, outside any scope: what a user's line costs. */
function single(compute: () => Tensor): Prepared {
  return { run: () => compute().dispose(), checksum: tidy(() => meanAbs(compute())) };
}

export const workloads: readonly Workload[] = [
  {
    name: "overhead/add-scalar",
    make: () => {
      const x = leaf(1, [8]);
      return single(() => x.add(1.5));
    },
  },
  {
    name: "overhead/add-tensor",
    make: () => {
      const [x, b] = [leaf(1, [8]), fill(2, [8])];
      return single(() => x.add(b));
    },
  },
  {
    name: "overhead/add-nograd",
    make: () => {
      const [x, b] = [fill(1, [8]), fill(2, [8])];
      return single(() => x.add(b));
    },
  },
  {
    name: "overhead/chain20-backward",
    make: () => {
      const [x, b] = [leaf(1, [8]), fill(2, [8])];
      const chain = () => {
        let y = x;
        for (let i = 0; i < 20; i++) y = y.add(b);
        return y.sum();
      };
      return forwardBackward(chain, [x]);
    },
  },
  {
    name: "overhead/mlp-tiny",
    make: () => {
      const model = initParameters(mlp([16, 16, 16, 16, 16]), 1);
      const x = fill(1, [1, 16]);
      const loss = (target: Tensor) => () => mseLoss(model(x) as Tensor, target);
      return trainStep(new SGD(model.parameters(), { lr: 0.01 }), [loss(fill(2, [1, 16])), loss(fill(3, [1, 16]))]);
    },
  },
];
