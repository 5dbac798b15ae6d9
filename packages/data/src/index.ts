export { CIFAR10, CIFAR100, type CifarOptions } from "./datasets/cifar.ts";
export { ConcatDataset } from "./datasets/concat-dataset.ts";
export { Dataset, type SampleSource } from "./datasets/dataset.ts";
export {
  ImageDataset,
  type ImageDatasetOptions,
  type SampleTransforms,
  sharedBytes,
} from "./datasets/image-dataset.ts";
export { ImageFolder, type ImageFolderContent, type ImageFolderOptions } from "./datasets/image-folder.ts";
export { FashionMNIST, MNIST, type MnistOptions } from "./datasets/mnist.ts";
export { randomSplit } from "./datasets/random-split.ts";
export { Subset } from "./datasets/subset.ts";
export { TensorDataset } from "./datasets/tensor-dataset.ts";
export type { Checksum } from "./files/checksum.ts";
export type { OpenOptions } from "./files/dataset-file.ts";
export { type DownloadOptions, type DownloadProgress, download } from "./files/download.ts";
export { gunzip, type ReadLimits } from "./files/gunzip.ts";
export { readIdx } from "./files/idx.ts";
export { readTar, type TarEntry } from "./files/tar.ts";
export { decodeImage } from "./images/decode-image.ts";
export { toRgb } from "./images/to-rgb.ts";
export { type Batched, type BatchedArrays, collate, type Leaf } from "./loader/collate.ts";
export { DataLoader } from "./loader/data-loader.ts";
export type { DataLoaderOptions, LoaderState } from "./loader/options.ts";
export { RandomSampler, type Sampler, SequentialSampler, WeightedRandomSampler } from "./loader/sampler.ts";
export { toTensors } from "./loader/to-tensors.ts";
export type { HasSpec, Spec } from "./spec.ts";
export { CenterCrop } from "./transforms/center-crop.ts";
export { Compose } from "./transforms/compose.ts";
export { Lambda } from "./transforms/lambda.ts";
export { Normalize } from "./transforms/normalize.ts";
export type { GeometricTransform, Placement } from "./transforms/placement.ts";
export { RandomCrop, type RandomCropOptions } from "./transforms/random-crop.ts";
export { RandomHorizontalFlip, RandomVerticalFlip } from "./transforms/random-flip.ts";
export type { Interpolation } from "./transforms/resample.ts";
export { Resize, type ResizeOptions } from "./transforms/resize.ts";
export { ToTensor } from "./transforms/to-tensor.ts";
export type { Size, Transform } from "./transforms/transform.ts";
export type { DenseArray, Image, Picture } from "./value.ts";
