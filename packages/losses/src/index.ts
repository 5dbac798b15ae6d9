export {
  BCELoss,
  BCEWithLogitsLoss,
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from "./classification/binary-cross-entropy.ts";
export { CrossEntropyLoss, type CrossEntropyOptions, crossEntropy } from "./classification/cross-entropy.ts";
export { FocalLoss, type FocalLossOptions, focalLoss } from "./classification/focal-loss.ts";
export { KLDivLoss, type KLDivOptions, klDiv } from "./classification/kl-div.ts";
export { NLLLoss, type NLLLossOptions, nllLoss } from "./classification/nll-loss.ts";
export {
  type ClassLossFunction,
  type ClassLossOptions,
  type ClassLossSettings,
  type ClassRows,
  defineClassLoss,
} from "./core/define-class-loss.ts";
export {
  defineLoss,
  type ElementwiseLossOptions,
  type LossFunction,
  type LossSettings,
  type TargetRange,
} from "./core/define-loss.ts";
export { doubles } from "./core/doubles.ts";
export { type LossClass, LossModule, lossClass } from "./core/loss-class.ts";
export { type Loss, type LossFunctionSettings, lossFunction } from "./core/loss-function.ts";
export {
  checkReduction,
  type Losses,
  type LossParts,
  meanOfParts,
  type OnEmpty,
  type Reduction,
  type ReductionOptions,
  reduceLoss,
} from "./core/reduction.ts";
export { BarronLoss, type BarronLossOptions, barronLoss } from "./regression/barron-loss.ts";
export { CharbonnierLoss, type CharbonnierOptions, charbonnierLoss } from "./regression/charbonnier-loss.ts";
export { ExpectileLoss, type ExpectileLossOptions, expectileLoss } from "./regression/expectile-loss.ts";
export { HuberLoss, type HuberOptions, huberLoss } from "./regression/huber-loss.ts";
export { L1Loss, l1Loss } from "./regression/l1-loss.ts";
export { MSELoss, mseLoss } from "./regression/mse-loss.ts";
export {
  PinballLoss,
  type PinballLossOptions,
  pinballLoss,
  QuantileLoss,
  type QuantileLossOptions,
  quantileLoss,
} from "./regression/quantile-loss.ts";
export {
  CauchyLoss,
  cauchyLoss,
  GemanMcClureLoss,
  gemanMcClureLoss,
  type RobustLossOptions,
  WelschLoss,
  welschLoss,
} from "./regression/robust-losses.ts";
export { SmoothL1Loss, type SmoothL1Options, smoothL1Loss } from "./regression/smooth-l1-loss.ts";
export { WingLoss, type WingLossOptions, wingLoss } from "./regression/wing-loss.ts";
export {
  LinearCrossEntropyLoss,
  type LinearCrossEntropyLossOptions,
  type LinearCrossEntropyOptions,
  linearCrossEntropy,
} from "./vocabulary/linear-cross-entropy.ts";
export { overRowChunks, type RowChunksOptions, type RowFunction } from "./vocabulary/row-chunks.ts";
export {
  ShardedCrossEntropyLoss,
  type ShardedCrossEntropyOptions,
  shardedCrossEntropy,
} from "./vocabulary/sharded-cross-entropy.ts";
