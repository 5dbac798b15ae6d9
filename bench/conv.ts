import { conv2d } from "@tenon/numerics";
import { fill, leaf } from "./data.ts";
import { forward, forwardBackward, type Workload } from "./workload.ts";

/** `size` is the image's side, `kernel` odd, padding keeps the size. */
function conv(
  name: string,
  {
    batch,
    into,
    size,
    out,
    kernel,
    groups = 1,
  }: Record<"batch" | "into" | "size" | "out" | "kernel", number> & { groups?: number },
): Workload[] {
  const flop = (2 * batch * size * size * out * into * kernel * kernel) / groups;
  const xShape = [batch, into, size, size];
  const wShape = [out, into / groups, kernel, kernel];
  const options = { padding: (kernel - 1) / 2, groups };
  return [
    {
      name: `${name}/forward`,
      flop,
      make: () => {
        const x = fill(1, xShape);
        const w = fill(2, wShape);
        return forward(() => conv2d(x, w, undefined, options));
      },
    },
    {
      name: `${name}/forward+backward`,
      flop: 3 * flop,
      make: () => {
        const x = leaf(1, xShape);
        const w = leaf(2, wShape);
        const g = fill(3, [batch, out, size, size]);
        return forwardBackward(() => conv2d(x, w, undefined, options), [x, w], g);
      },
    },
  ];
}

export const workloads: readonly Workload[] = [
  ...conv("conv3x3/64x32x32/b32", { batch: 32, into: 64, size: 32, out: 64, kernel: 3 }),
  ...conv("conv1x1/256x16x16/b32", { batch: 32, into: 256, size: 16, out: 256, kernel: 1 }),
  ...conv("depthwise3x3/128x32x32/b32", { batch: 32, into: 128, size: 32, out: 128, kernel: 3, groups: 128 }),
];
