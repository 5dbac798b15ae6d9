import { matmul } from "@tenon/numerics";
import { fill } from "./data.ts";
import { forward, type Workload } from "./workload.ts";

function gemm(name: string, m: number, k: number, n: number): Workload {
  return {
    name: `gemm/${name}`,
    flop: 2 * m * k * n,
    make: () => {
      const a = fill(1, [m, k]);
      const b = fill(2, [k, n]);
      return forward(() => matmul(a, b));
    },
  };
}

export const workloads: readonly Workload[] = [
  gemm("64", 64, 64, 64),
  gemm("256", 256, 256, 256),
  gemm("1024", 1024, 1024, 1024),
  gemm("1024x1024x64", 1024, 1024, 64),
  gemm("32x1024x1024", 32, 1024, 1024),
  gemm("1x1024x1024", 1, 1024, 1024),
  {
    name: "gemm/256-nt",
    flop: 2 * 256 ** 3,
    make: () => {
      const a = fill(1, [256, 256]);
      const b = fill(2, [256, 256]);
      return forward(() => matmul(a, b.t()));
    },
  },
  {
    name: "gemm/batched-64x128x128",
    flop: 64 * 2 * 128 ** 3,
    make: () => {
      const a = fill(1, [64, 128, 128]);
      const b = fill(2, [64, 128, 128]);
      return forward(() => matmul(a, b));
    },
  },
];
