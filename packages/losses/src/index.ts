export {
  BCELoss,
  BCEWithLogitsLoss,
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from "./binary-cross-entropy.ts";
export { CrossEntropyLoss, type CrossEntropyOptions, crossEntropy } from "./cross-entropy.ts";
export {
  defineLoss,
  type ElementwiseLossOptions,
  type LossClass,
  type LossFunction,
  LossModule,
  type LossSettings,
  lossClass,
} from "./define-loss.ts";
export { HuberLoss, type HuberOptions, huberLoss } from "./huber-loss.ts";
export { KLDivLoss, type KLDivOptions, klDiv } from "./kl-div.ts";
export { L1Loss, l1Loss } from "./l1-loss.ts";
export { MSELoss, mseLoss } from "./mse-loss.ts";
export { NLLLoss, type NLLLossOptions, nllLoss } from "./nll-loss.ts";
export { checkReduction, type OnEmpty, type Reduction, type ReductionOptions, reduceLoss } from "./reduction.ts";
export { SmoothL1Loss, type SmoothL1Options, smoothL1Loss } from "./smooth-l1-loss.ts";
