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
export { NLLLoss, type NLLLossOptions, nllLoss } from "./nll-loss.ts";
export { checkReduction, type OnEmpty, type Reduction, type ReductionOptions, reduceLoss } from "./reduction.ts";
