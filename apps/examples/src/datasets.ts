import { access } from "node:fs/promises";
import { CIFAR10, Compose, type Dataset, ImageFolder, Normalize, Resize, ToTensor } from "@tenon/data";
import { DrawnShapes } from "./drawn-shapes.ts";
import { type Options, UsageError } from "./options.ts";

/** Training and test images, and the names of their classes. */
export interface Data {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classes: readonly string[];
}

const normalize = () => new Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]);

async function drawn(options: Options): Promise<Data> {
  const transform = new Compose([new ToTensor(), normalize()]);
  const train = new DrawnShapes({ train: true, seed: options.seed, transform });
  const test = new DrawnShapes({ train: false, seed: options.seed, transform });
  return { train, test, classes: train.classes };
}

async function cifar10(options: Options): Promise<Data> {
  const transform = new Compose([new ToTensor(), normalize()]);
  const common = {
    root: options.root ?? "./data",
    download: true,
    transform,
    ignoreChecksum: options.ignoreChecksum,
  };
  const train = await CIFAR10.open({ ...common, train: true });
  const test = await CIFAR10.open({ ...common, train: false });
  return { train, test, classes: train.classes };
}

async function folder(options: Options): Promise<Data> {
  const root = options.root!;
  const transform = new Compose([new Resize([32, 32]), new ToTensor(), normalize()]);
  for (const part of ["train", "test"]) {
    await access(`${root}/${part}`).catch(() => {
      throw new UsageError(`${root} has no folder "${part}"; expected DIR/train/CLASS/IMAGE and DIR/test/CLASS/IMAGE.`);
    });
  }
  const train = await ImageFolder.open({ root: `${root}/train`, transform });
  const test = await ImageFolder.open({ root: `${root}/test`, transform });
  return { train, test, classes: train.classes };
}

/** Opens the data set that the options name. */
export function openData(options: Options): Promise<Data> {
  if (options.dataset === "cifar10") return cifar10(options);
  return options.dataset === "folder" ? folder(options) : drawn(options);
}
