import { ConcatDataset } from "./datasets/concat-dataset.ts";
import { ImageDataset } from "./datasets/image-dataset.ts";
import { ImageFolder } from "./datasets/image-folder.ts";
import { Subset } from "./datasets/subset.ts";
import { TensorDataset } from "./datasets/tensor-dataset.ts";
import type { BuiltIns } from "./spec.ts";
import { CenterCrop } from "./transforms/center-crop.ts";
import { Compose } from "./transforms/compose.ts";
import { Normalize } from "./transforms/normalize.ts";
import { RandomCrop } from "./transforms/random-crop.ts";
import { RandomHorizontalFlip, RandomVerticalFlip } from "./transforms/random-flip.ts";
import { Resize } from "./transforms/resize.ts";
import { ToTensor } from "./transforms/to-tensor.ts";

/** The classes of this package that specs name. */
export const builtIns: BuiltIns = {
  CenterCrop,
  Compose,
  ConcatDataset,
  ImageDataset,
  ImageFolder,
  Normalize,
  RandomCrop,
  RandomHorizontalFlip,
  RandomVerticalFlip,
  Resize,
  Subset,
  TensorDataset,
  ToTensor,
};
