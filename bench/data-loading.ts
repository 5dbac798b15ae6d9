import {
  Compose,
  DataLoader,
  ImageDataset,
  Normalize,
  RandomCrop,
  RandomHorizontalFlip,
  Resize,
  sharedBytes,
  ToTensor,
} from "@tenon/data";
import { hashU32 } from "./data.ts";
import type { Workload } from "./workload.ts";

const IMAGES = 2048;
const BATCH = 32;

/** A loader over images in memory, with the usual augmentation. */
function cifarLoader(numWorkers: number) {
  const pixels = sharedBytes(IMAGES * 32 * 32 * 3);
  pixels.set(hashU32(1, pixels.length).map((v) => v & 255));
  const transform = new Compose([
    new RandomCrop(32, { padding: 4 }),
    new RandomHorizontalFlip(),
    new ToTensor(),
    new Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  ]);
  const labels = hashU32(2, IMAGES).map((v) => v % 10);
  const classes = Array.from({ length: 10 }, (_, i) => String(i));
  const dataset = new ImageDataset({ pixels, width: 32, height: 32, channels: 3, labels, classes, transform });
  const workers = numWorkers > 0 ? { numWorkers, persistentWorkers: true } : {};
  return new DataLoader(dataset, { batchSize: BATCH, shuffle: true, seed: 0, ...workers });
}

function loading(name: string, numWorkers: number): Workload {
  return {
    name,
    images: BATCH,
    div: IMAGES / BATCH,
    make: async () => {
      const loader = cifarLoader(numWorkers);
      let total = 0;
      let count = 0;
      for await (const [x] of loader) {
        for (const v of x.data() as Float32Array) total += Math.abs(v);
        count += x.size;
      }
      const run = async () => {
        for await (const [x, y] of loader) {
          x.dispose();
          y.dispose();
        }
      };
      return { run, checksum: total / count };
    },
  };
}

const WIDE = { width: 500, height: 375, channels: 3 };

function photo(): Uint8Array {
  return Uint8Array.from(hashU32(1, WIDE.width * WIDE.height * WIDE.channels), (v) => v & 255);
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
  return sum / values.length;
}

export const workloads: readonly Workload[] = [
  loading("dataloader/cifar-b32", 0),
  loading("dataloader/cifar-b32/workers2", 2),
  {
    name: "transforms/resize-224",
    images: 1,
    make: () => {
      const image = { data: photo(), ...WIDE };
      const resize = new Resize([224, 224]);
      return { run: () => resize.apply(image), checksum: meanOf(resize.apply(image).data) };
    },
  },
  {
    name: "transforms/resize-224-tensor",
    images: 1,
    make: () => {
      const { width, height, channels } = WIDE;
      const bytes = photo();
      const size = width * height;
      const data = Float32Array.from(
        { length: bytes.length },
        (_, i) => bytes[(i % size) * channels + Math.floor(i / size)]!,
      );
      const array = { data, shape: [channels, height, width] };
      const resize = new Resize([224, 224]);
      return { run: () => resize.apply(array), checksum: meanOf(resize.apply(array).data) };
    },
  },
];
