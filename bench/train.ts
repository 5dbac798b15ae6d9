import { crossEntropy } from "@tenon/losses";
import type { Module } from "@tenon/models";
import type { Tensor } from "@tenon/numerics";
import { Adam, AdamW, SGD } from "@tenon/train";
import { fill, initParameters, ints, labels } from "./data.ts";
import { CifarNet, LstmNet, mlp, ResNet18, TinyGpt } from "./networks.ts";
import { type Steppable, trainStep, type Workload } from "./workload.ts";

function classifier(
  model: Module & ((x: Tensor) => unknown),
  optimizer: Steppable,
  x: Tensor,
  targets: readonly [Tensor, Tensor],
) {
  const loss = (y: Tensor) => () => crossEntropy(model(x) as Tensor, y);
  return trainStep(optimizer, [loss(targets[0]), loss(targets[1])]);
}

function cifarNet(batch: number): Workload {
  return {
    name: `train/cifar-net/b${batch}`,
    images: batch,
    make: () => {
      const model = initParameters(new CifarNet(), 1);
      const optimizer = new SGD(model.parameters(), { lr: 0.001, momentum: 0.9 });
      return classifier(model, optimizer, fill(1, [batch, 3, 32, 32]), labels(batch, 10));
    },
  };
}

export const workloads: readonly Workload[] = [
  ...[4, 32, 128].map(cifarNet),
  {
    name: "train/mlp/b128",
    images: 128,
    make: () => {
      const model = initParameters(mlp([784, 512, 256, 10]), 1);
      return classifier(model, new Adam(model.parameters(), { lr: 1e-3 }), fill(1, [128, 784]), labels(128, 10));
    },
  },
  {
    name: "train/resnet18-cifar/b32",
    images: 32,
    make: () => {
      const model = initParameters(new ResNet18(false), Math.sqrt(6));
      const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9, weightDecay: 5e-4 });
      return classifier(model, optimizer, fill(1, [32, 3, 32, 32]), labels(32, 10));
    },
  },
  {
    name: "train/tiny-gpt/b8",
    tokens: 1024,
    make: () => {
      const model = initParameters(new TinyGpt(), 1);
      const optimizer = new AdamW(model.parameters(), { lr: 3e-4, weightDecay: 0.01 });
      const index = ints(1, 1024, 256).reshape([8, 128]);
      const loss = (y: Tensor) => () => crossEntropy(model(index).reshape([-1, 256]), y);
      const [first, second] = labels(1024, 256);
      return trainStep(optimizer, [loss(first), loss(second)]);
    },
  },
  {
    name: "train/lstm/b32",
    tokens: 2048,
    make: () => {
      const model = initParameters(new LstmNet(), 1);
      return classifier(model, new Adam(model.parameters(), { lr: 1e-3 }), fill(1, [32, 64, 128]), labels(32, 10));
    },
  },
];
