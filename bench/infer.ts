import type { Module } from "@tenon/models";
import { noGrad, type Tensor, tidy } from "@tenon/numerics";
import { fill, initParameters, meanAbs } from "./data.ts";
import { CifarNet, ResNet18 } from "./networks.ts";
import type { Workload } from "./workload.ts";

function infer(name: string, build: () => Module & ((x: Tensor) => Tensor), gain: number, shape: number[]): Workload {
  return {
    name,
    images: shape[0]!,
    make: () => {
      const model = initParameters(build(), gain);
      model.eval();
      const x = fill(1, shape);
      const run = () => {
        tidy(() => {
          noGrad(() => model(x));
        });
      };
      return { run, checksum: tidy(() => meanAbs(noGrad(() => model(x)))) };
    },
  };
}

const he = Math.sqrt(6);

export const workloads: readonly Workload[] = [
  infer("infer/cifar-net/b1", () => new CifarNet(), 1, [1, 3, 32, 32]),
  infer("infer/cifar-net/b32", () => new CifarNet(), 1, [32, 3, 32, 32]),
  infer("infer/resnet18-cifar/b1", () => new ResNet18(false), he, [1, 3, 32, 32]),
  infer("infer/resnet18-cifar/b32", () => new ResNet18(false), he, [32, 3, 32, 32]),
  infer("infer/resnet18-imagenet/b1", () => new ResNet18(true), he, [1, 3, 224, 224]),
];
