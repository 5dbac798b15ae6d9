export {
  type AdversarialKind,
  type AdversarialOptions,
  DiscriminatorLoss,
  discriminatorLoss,
  GeneratorLoss,
  generatorLoss,
} from "./adversarial/adversarial-losses.ts";
export { type GradientPenaltyOptions, gradientPenalty } from "./adversarial/gradient-penalty.ts";
export { AOTLoss, type AOTLossOptions, aotLoss } from "./alignment/aot-loss.ts";
export { APOLoss, type APOLossOptions, apoLoss } from "./alignment/apo-loss.ts";
export { BCOLoss, type BCOLossOptions, bcoLoss } from "./alignment/bco-loss.ts";
export { BradleyTerryLoss, type BradleyTerryLossOptions, bradleyTerryLoss } from "./alignment/bradley-terry-loss.ts";
export type { ClipOptions } from "./alignment/clipped-ratio.ts";
export { CPOLoss, type CPOLossOptions, cpoLoss } from "./alignment/cpo-loss.ts";
export { DiscoPOPLoss, type DiscoPOPLossOptions, discoPopLoss } from "./alignment/discopop-loss.ts";
export { DPOLoss, type DPOLossOptions, dpoLoss } from "./alignment/dpo-loss.ts";
export { EXOLoss, type EXOLossOptions, exoLoss } from "./alignment/exo-loss.ts";
export { type GroupAdvantagesOptions, groupAdvantages } from "./alignment/group-advantages.ts";
export { GRPOLoss, type GRPOLossOptions, grpoLoss } from "./alignment/grpo-loss.ts";
export { IPOLoss, type IPOLossOptions, ipoLoss } from "./alignment/ipo-loss.ts";
export { KTOLoss, type KTOLossOptions, ktoLoss } from "./alignment/kto-loss.ts";
export { NCAPairLoss, type NCAPairLossOptions, ncaPairLoss } from "./alignment/nca-pair-loss.ts";
export { ORPOLoss, type ORPOLossOptions, orpoLoss } from "./alignment/orpo-loss.ts";
export { type KlEstimator, PolicyKLLoss, type PolicyKLLossOptions, policyKlLoss } from "./alignment/policy-kl-loss.ts";
export { PPOClipLoss, type PPOClipLossOptions, ppoClipLoss } from "./alignment/ppo-clip-loss.ts";
export { PPOValueLoss, type PPOValueLossOptions, ppoValueLoss } from "./alignment/ppo-value-loss.ts";
export type { PreferenceLoss } from "./alignment/preference.ts";
export { type SequenceLogProbsOptions, sequenceLogProbs } from "./alignment/sequence-log-probs.ts";
export { SimPOLoss, type SimPOLossOptions, simPoLoss } from "./alignment/simpo-loss.ts";
export { SPPOLoss, type SPPOLossOptions, sppoLoss } from "./alignment/sppo-loss.ts";
export {
  AsymmetricLoss,
  type AsymmetricLossOptions,
  AsymmetricSingleLabelLoss,
  type AsymmetricSingleLabelLossOptions,
  asymmetricLoss,
  asymmetricSingleLabelLoss,
} from "./classification/asymmetric-loss.ts";
export {
  BalancedSoftmaxLoss,
  type BalancedSoftmaxOptions,
  balancedSoftmaxLoss,
} from "./classification/balanced-softmax-loss.ts";
export {
  BiTemperedBinaryLogisticLoss,
  BiTemperedLogisticLoss,
  type BiTemperedLogisticLossOptions,
  biTemperedBinaryLogisticLoss,
  biTemperedLogisticLoss,
} from "./classification/bi-tempered-logistic-loss.ts";
export {
  BCELoss,
  BCEWithLogitsLoss,
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from "./classification/binary-cross-entropy.ts";
export {
  BootstrappedCrossEntropyLoss,
  type BootstrappedCrossEntropyOptions,
  bootstrappedCrossEntropy,
} from "./classification/bootstrapped-cross-entropy.ts";
export { BinaryBrierLoss, BrierLoss, binaryBrierLoss, brierLoss } from "./classification/brier-loss.ts";
export {
  ClassBalancedLoss,
  type ClassBalancedLossOptions,
  type ClassBalancedOptions,
  classBalancedLoss,
  classBalancedWeights,
} from "./classification/class-balanced-loss.ts";
export { CrossEntropyLoss, type CrossEntropyOptions, crossEntropy } from "./classification/cross-entropy.ts";
export { EntmaxLoss, type EntmaxLossOptions, entmaxLoss } from "./classification/entmax-loss.ts";
export { type FenchelYoungOptions, fenchelYoungLoss } from "./classification/fenchel-young-loss.ts";
export { FocalLoss, type FocalLossOptions, focalLoss } from "./classification/focal-loss.ts";
export {
  GeneralizedCrossEntropyLoss,
  type GeneralizedCrossEntropyOptions,
  generalizedCrossEntropy,
} from "./classification/generalized-cross-entropy.ts";
export {
  GeneralizedKlDivergenceLoss,
  type GeneralizedKlDivergenceOptions,
  generalizedKlDivergence,
} from "./classification/generalized-kl-divergence.ts";
export {
  HingeLoss,
  type HingeLossOptions,
  hingeLoss,
  PerceptronLoss,
  perceptronLoss,
  SmoothedHingeLoss,
  type SmoothedHingeLossOptions,
  SquaredHingeLoss,
  smoothedHingeLoss,
  squaredHingeLoss,
} from "./classification/hinge-loss.ts";
export {
  AugMixLoss,
  type AugMixLossOptions,
  augMixLoss,
  JensenShannonConsistencyLoss,
  JensenShannonLoss,
  type JensenShannonOptions,
  jensenShannonConsistencyLoss,
  jensenShannonLoss,
} from "./classification/js-divergence.ts";
export { type KLDivFunction, KLDivLoss, type KLDivOptions, klDiv } from "./classification/kl-div.ts";
export { KLDivLogitsLoss, type KLDivLogitsOptions, klDivLogits } from "./classification/kl-div-logits.ts";
export {
  LabelRelaxationLoss,
  type LabelRelaxationLossOptions,
  labelRelaxationLoss,
} from "./classification/label-relaxation-loss.ts";
export { LdamLoss, type LdamLossOptions, ldamLoss } from "./classification/ldam-loss.ts";
export {
  LogitAdjustedCrossEntropyLoss,
  type LogitAdjustedCrossEntropyOptions,
  logitAdjustedCrossEntropy,
} from "./classification/logit-adjusted-cross-entropy.ts";
export {
  CategoricalHingeLoss,
  categoricalHingeLoss,
  MulticlassHingeLoss,
  type MulticlassHingeLossOptions,
  MulticlassPerceptronLoss,
  multiclassHingeLoss,
  multiclassPerceptronLoss,
} from "./classification/multiclass-hinge-loss.ts";
export { NLLLoss, type NLLLossOptions, nllLoss } from "./classification/nll-loss.ts";
export {
  ActivePassiveLoss,
  type ActivePassiveLossOptions,
  activePassiveLoss,
  NormalizedCrossEntropyLoss,
  NormalizedFocalLoss,
  type NormalizedFocalLossOptions,
  normalizedCrossEntropy,
  normalizedFocalLoss,
  ReverseCrossEntropyLoss,
  type ReverseCrossEntropyOptions,
  reverseCrossEntropy,
  SymmetricCrossEntropyLoss,
  type SymmetricCrossEntropyOptions,
  symmetricCrossEntropy,
} from "./classification/noise-robust-losses.ts";
export {
  OhemCrossEntropyLoss,
  type OhemCrossEntropyOptions,
  ohemCrossEntropy,
} from "./classification/ohem-cross-entropy.ts";
export {
  Poly1FocalLoss,
  type Poly1FocalLossOptions,
  Poly1Loss,
  type Poly1LossOptions,
  poly1FocalLoss,
  poly1Loss,
  SigmoidPoly1FocalLoss,
  type SigmoidPoly1FocalLossOptions,
  SigmoidPoly1Loss,
  sigmoidPoly1FocalLoss,
  sigmoidPoly1Loss,
} from "./classification/poly1-loss.ts";
export {
  QualityFocalLoss,
  type QualityFocalLossOptions,
  qualityFocalLoss,
  VarifocalLoss,
  type VarifocalLossOptions,
  varifocalLoss,
} from "./classification/quality-focal-loss.ts";
export {
  SigmoidFocalLoss,
  type SigmoidFocalLossOptions,
  sigmoidFocalLoss,
} from "./classification/sigmoid-focal-loss.ts";
export {
  BinarySparsemaxLoss,
  binarySparsemaxLoss,
  SparsemaxLoss,
  sparsemaxLoss,
} from "./classification/sparsemax-loss.ts";
export {
  TaylorCrossEntropyLoss,
  type TaylorCrossEntropyOptions,
  TaylorSoftmaxCrossEntropyLoss,
  taylorCrossEntropy,
  taylorSoftmaxCrossEntropy,
} from "./classification/taylor-cross-entropy.ts";
export {
  CrossEntropyWithZLoss,
  type CrossEntropyWithZLossOptions,
  crossEntropyWithZLoss,
  ZLoss,
  type ZLossOptions,
  zLoss,
} from "./classification/z-loss.ts";
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
export type { BoxFormat, BoxLossOptions } from "./detection/boxes.ts";
export {
  DistributionFocalLoss,
  type DistributionFocalLossOptions,
  distributionFocalLoss,
} from "./detection/distribution-focal-loss.ts";
export {
  CompleteIouLoss,
  completeIouLoss,
  DistanceIouLoss,
  distanceIouLoss,
  EfficientIouLoss,
  efficientIouLoss,
  GeneralizedIouLoss,
  generalizedIouLoss,
  IouLoss,
  type IouLossOptions,
  iouLoss,
} from "./detection/iou-losses.ts";
export { SiouLoss, type SiouLossOptions, siouLoss } from "./detection/siou-loss.ts";
export { DistillationLoss, type DistillationLossOptions, distillationLoss } from "./distillation/distillation-loss.ts";
export {
  GeneralizedJsDivergenceLoss,
  type GeneralizedJsDivergenceOptions,
  generalizedJsDivergence,
  ReverseKlDivergenceLoss,
  reverseKlDivergence,
  TotalVariationDistanceLoss,
  totalVariationDistance,
} from "./distillation/logit-divergences.ts";
export type { LogitPairLoss, LogitPairOptions } from "./distillation/logit-pairs.ts";
export {
  type CrossCorrelationOptions,
  NormalizedCrossCorrelationLoss,
  normalizedCrossCorrelationLoss,
} from "./image/cross-correlation-loss.ts";
export {
  BendingEnergyLoss,
  bendingEnergyLoss,
  DiffusionLoss,
  type DisplacementOptions,
  diffusionLoss,
} from "./image/displacement-losses.ts";
export {
  AdaptiveWingLoss,
  type AdaptiveWingOptions,
  adaptiveWingLoss,
  HeatmapFocalLoss,
  type HeatmapFocalOptions,
  heatmapFocalLoss,
} from "./image/heatmap-losses.ts";
export {
  KLDiscretLoss,
  type KlDiscretOptions,
  klDiscretLoss,
  MPJPELoss,
  meanPerJointPositionError,
  OKSLoss,
  type OksLossOptions,
  oksLoss,
  type PositionErrorOptions,
} from "./image/keypoint-losses.ts";
export {
  MSSSIML1Loss,
  MSSSIMLoss,
  type MsSsimL1Options,
  type MsSsimOptions,
  msSsimL1Loss,
  msSsimLoss,
} from "./image/ms-ssim-loss.ts";
export {
  MutualInformationLoss,
  type MutualInformationOptions,
  mutualInformationLoss,
} from "./image/mutual-information-loss.ts";
export { PSNRLoss, type PsnrOptions, psnr, psnrLoss } from "./image/psnr-loss.ts";
export {
  EdgeAwareSmoothnessLoss,
  type EdgeAwareSmoothnessOptions,
  edgeAwareSmoothnessLoss,
  ImageGradientLoss,
  type ImageGradientOptions,
  imageGradientLoss,
  TotalVariationLoss,
  type TotalVariationOptions,
  totalVariationLoss,
} from "./image/smoothness-losses.ts";
export { SSIMLoss, type SsimLossOptions, ssim, ssimLoss } from "./image/ssim-loss.ts";
export type { SsimOptions } from "./image/structure.ts";
export {
  CosineEmbeddingLoss,
  type CosineEmbeddingLossOptions,
  cosineEmbeddingLoss,
} from "./margin/cosine-embedding-loss.ts";
export {
  HingeEmbeddingLoss,
  type HingeEmbeddingLossOptions,
  hingeEmbeddingLoss,
} from "./margin/hinge-embedding-loss.ts";
export { MarginRankingLoss, type MarginRankingLossOptions, marginRankingLoss } from "./margin/margin-ranking-loss.ts";
export { MultiMarginLoss, type MultiMarginLossOptions, multiMarginLoss } from "./margin/multi-margin-loss.ts";
export { MultiLabelMarginLoss, multilabelMarginLoss } from "./margin/multilabel-margin-loss.ts";
export {
  MultiLabelSoftMarginLoss,
  type MultiLabelSoftMarginLossOptions,
  multilabelSoftMarginLoss,
} from "./margin/multilabel-soft-margin-loss.ts";
export {
  SoftHingeLoss,
  type SoftHingeLossOptions,
  SoftMarginLoss,
  softHingeLoss,
  softMarginLoss,
} from "./margin/soft-margin-loss.ts";
export {
  type DistanceFunction,
  TripletMarginLoss,
  type TripletMarginLossOptions,
  TripletMarginWithDistanceLoss,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from "./margin/triplet-margin-loss.ts";
export { AdaFaceLoss, type AdaFaceLossOptions, adaFaceLoss } from "./metric/ada-face-loss.ts";
export { AngularLoss, type AngularLossOptions, angularLoss } from "./metric/angular-loss.ts";
export {
  ArcFaceLoss,
  type ArcFaceLossOptions,
  arcFaceLoss,
  SubCenterArcFaceLoss,
  subCenterArcFaceLoss,
} from "./metric/arc-face-loss.ts";
export type { Average, AverageOptions } from "./metric/average.ts";
export {
  PNPLoss,
  type PNPLossOptions,
  type PNPVariant,
  pnpLoss,
  SmoothAPLoss,
  type SmoothAPLossOptions,
  smoothApLoss,
} from "./metric/average-precision-losses.ts";
export { CircleLoss, type CircleLossOptions, circleLoss } from "./metric/circle-loss.ts";
export {
  ContrastiveLoss,
  type ContrastiveLossOptions,
  contrastiveLoss,
  SignalToNoiseRatioContrastiveLoss,
  type SignalToNoiseRatioContrastiveLossOptions,
  signalToNoiseRatioContrastiveLoss,
} from "./metric/contrastive-loss.ts";
export {
  CosFaceLoss,
  type CosFaceLossOptions,
  cosFaceLoss,
  NormalizedSoftmaxLoss,
  type NormalizedSoftmaxLossOptions,
  normalizedSoftmaxLoss,
} from "./metric/cos-face-loss.ts";
export { CrossBatchMemory, type CrossBatchMemoryOptions, type ReferencedLoss } from "./metric/cross-batch-memory.ts";
export {
  CurricularFaceLoss,
  type CurricularFaceLossOptions,
  type CurricularFaceLossSettings,
  curricularFaceLoss,
} from "./metric/curricular-face-loss.ts";
export type { ClassWeightInit, ClassWeightLoss, ClassWeightModule } from "./metric/define-class-weight-loss.ts";
export type { PairLoss, PairLossClass, PairLossOptions, TupleOptions } from "./metric/define-pair-loss.ts";
export {
  DynamicSoftMarginLoss,
  type DynamicSoftMarginLossOptions,
  type DynamicSoftMarginLossSettings,
  dynamicSoftMarginLoss,
} from "./metric/dynamic-soft-margin-loss.ts";
export { FastAPLoss, type FastAPLossOptions, fastApLoss } from "./metric/fast-ap-loss.ts";
export { HistogramLoss, type HistogramLossOptions, histogramLoss } from "./metric/histogram-loss.ts";
export { InfoNCELoss, type InfoNCELossOptions, infoNceLoss } from "./metric/info-nce-loss.ts";
export {
  IntraPairVarianceLoss,
  type IntraPairVarianceLossOptions,
  intraPairVarianceLoss,
} from "./metric/intra-pair-variance-loss.ts";
export {
  GeneralizedLiftedStructureLoss,
  generalizedLiftedStructureLoss,
  LiftedStructureLoss,
  type LiftedStructureLossOptions,
  liftedStructureLoss,
} from "./metric/lifted-structure-loss.ts";
export { MagFaceLoss, type MagFaceLossOptions, magFaceLoss } from "./metric/mag-face-loss.ts";
export { MarginLoss, type MarginLossModuleOptions, type MarginLossOptions, marginLoss } from "./metric/margin-loss.ts";
export {
  cosineMeasure,
  dotMeasure,
  type LpMeasureOptions,
  lpMeasure,
  type Measure,
  type SnrMeasureOptions,
  snrMeasure,
} from "./metric/measure.ts";
export { type AngularMinerOptions, angularMiner } from "./metric/miners/angular-miner.ts";
export {
  type BatchEasyHardMinerOptions,
  batchEasyHardMiner,
  type EasyHardStrategy,
} from "./metric/miners/batch-easy-hard-miner.ts";
export { batchHardMiner } from "./metric/miners/batch-hard-miner.ts";
export type { Miner, MinerOptions } from "./metric/miners/define-miner.ts";
export { type DistanceWeightedMinerOptions, distanceWeightedMiner } from "./metric/miners/distance-weighted-miner.ts";
export { type HdcMinerOptions, hdcMiner } from "./metric/miners/hdc-miner.ts";
export { type MultiSimilarityMinerOptions, multiSimilarityMiner } from "./metric/miners/multi-similarity-miner.ts";
export { type PairMarginMinerOptions, pairMarginMiner } from "./metric/miners/pair-margin-miner.ts";
export { type TripletMarginMinerOptions, tripletMarginMiner } from "./metric/miners/triplet-margin-miner.ts";
export { type UniformHistogramMinerOptions, uniformHistogramMiner } from "./metric/miners/uniform-histogram-miner.ts";
export {
  MultiSimilarityLoss,
  type MultiSimilarityLossOptions,
  multiSimilarityLoss,
} from "./metric/multi-similarity-loss.ts";
export { NPairsLoss, type NPairsLossOptions, nPairsLoss } from "./metric/n-pairs-loss.ts";
export { NCALoss, type NCALossOptions, ncaLoss } from "./metric/nca-loss.ts";
export { NTXentLoss, type NTXentLossOptions, ntXentLoss } from "./metric/nt-xent-loss.ts";
export { P2SGradLoss, p2sGradLoss } from "./metric/p2s-grad-loss.ts";
export {
  type LabelOptions,
  type PairIndices,
  pairsFromLabels,
  type ReferenceOptions,
  type TripletIndices,
  tripletsFromLabels,
  tripletsOfPairs,
} from "./metric/pair-indices.ts";
export { ProxyAnchorLoss, type ProxyAnchorLossOptions, proxyAnchorLoss } from "./metric/proxy-anchor-loss.ts";
export { ProxyNCALoss, type ProxyNCALossOptions, proxyNcaLoss } from "./metric/proxy-nca-loss.ts";
export { RankedListLoss, type RankedListLossOptions, rankedListLoss } from "./metric/ranked-list-loss.ts";
export {
  SoftTripleLoss,
  type SoftTripleLossOptions,
  softTripleLoss,
  softTripleRegularizer,
} from "./metric/soft-triple-loss.ts";
export {
  LargeMarginSoftmaxLoss,
  largeMarginSoftmaxLoss,
  type MultiplicativeMarginOptions,
  SphereFaceLoss,
  sphereFaceLoss,
} from "./metric/sphere-face-loss.ts";
export { SupConLoss, type SupConLossOptions, supConLoss } from "./metric/sup-con-loss.ts";
export {
  ThresholdConsistentMarginLoss,
  type ThresholdConsistentMarginLossOptions,
  thresholdConsistentMarginLoss,
} from "./metric/threshold-consistent-margin-loss.ts";
export { TripletLoss, type TripletLossOptions, type TripletMining, tripletLoss } from "./metric/triplet-loss.ts";
export { TupletMarginLoss, type TupletMarginLossOptions, tupletMarginLoss } from "./metric/tuplet-margin-loss.ts";
export { CoralLoss, type CoralLossOptions, coralLoss } from "./ordinal/coral-loss.ts";
export { CornLoss, type CornLossOptions, cornLoss } from "./ordinal/corn-loss.ts";
export {
  CumulativeLinkLoss,
  type CumulativeLinkLossOptions,
  cumulativeLinkLoss,
  type LearnedThresholdOptions,
} from "./ordinal/cumulative-link-loss.ts";
export type { OrdinalLoss, OrdinalOptions } from "./ordinal/ordinal-rows.ts";
export { BetaNLLLoss, type BetaNLLLossOptions, betaNllLoss } from "./probabilistic/beta-nll-loss.ts";
export {
  CRPSExponentialLoss,
  CRPSLaplaceLoss,
  CRPSLogisticLoss,
  CRPSNormalLoss,
  crpsExponential,
  crpsLaplace,
  crpsLogistic,
  crpsNormal,
} from "./probabilistic/crps-distributions.ts";
export { CRPSEnsembleLoss, crpsEnsemble, type EnsembleOptions } from "./probabilistic/crps-ensemble.ts";
export { DawidSebastianiLoss, dawidSebastianiScore } from "./probabilistic/dawid-sebastiani-score.ts";
export {
  EvidentialRegressionLoss,
  type EvidentialRegressionLossOptions,
  evidentialRegressionLoss,
} from "./probabilistic/evidential-regression-loss.ts";
export {
  GaussianKLDivergenceLoss,
  type GaussianKlOptions,
  gaussianKlDivergence,
  StandardNormalKLDivergenceLoss,
  standardNormalKlDivergence,
} from "./probabilistic/gaussian-kl-divergence.ts";
export { IntervalScoreLoss, type IntervalScoreOptions, intervalScore } from "./probabilistic/interval-score.ts";
export { MixtureDensityNLLLoss, mixtureDensityNllLoss } from "./probabilistic/mixture-density-nll-loss.ts";
export {
  EnergyScoreLoss,
  energyScore,
  VariogramScoreLoss,
  type VariogramScoreOptions,
  variogramScore,
} from "./probabilistic/multivariate-scores.ts";
export { VonMisesNLLLoss, vonMisesNllLoss } from "./probabilistic/von-mises-nll-loss.ts";
export {
  ApproxMRRLoss,
  type ApproxMRRLossOptions,
  ApproxNDCGLoss,
  type ApproxNDCGLossOptions,
  approxMrrLoss,
  approxNdcgLoss,
} from "./ranking/approx-losses.ts";
export { BPRLoss, bprLoss } from "./ranking/bpr-loss.ts";
export type { GainOptions } from "./ranking/gains.ts";
export { LambdaLoss, type LambdaLossOptions, type LambdaScheme, lambdaLoss } from "./ranking/lambda-loss.ts";
export {
  ListMLELoss,
  type ListMLELossOptions,
  listMleLoss,
  PListMLELoss,
  type PListMLELossOptions,
  pListMleLoss,
} from "./ranking/list-mle-loss.ts";
export { ListNetLoss, listNetLoss, SoftmaxRankingLoss, softmaxRankingLoss } from "./ranking/list-net-loss.ts";
export type { RankingOptions } from "./ranking/lists.ts";
export { NeuralNDCGLoss, type NeuralNDCGLossOptions, neuralNdcgLoss } from "./ranking/neural-ndcg-loss.ts";
export {
  PairwiseHingeLoss,
  type PairwiseHingeLossOptions,
  pairwiseHingeLoss,
  RankNetLoss,
  type RankNetLossOptions,
  rankNetLoss,
} from "./ranking/pairwise-losses.ts";
export { BarronLoss, type BarronLossOptions, barronLoss } from "./regression/barron-loss.ts";
export { CharbonnierLoss, type CharbonnierOptions, charbonnierLoss } from "./regression/charbonnier-loss.ts";
export {
  NegativeBinomialNLLLoss,
  type NegativeBinomialNllOptions,
  negativeBinomialNllLoss,
} from "./regression/count-nll-losses.ts";
export {
  type DensityNllOptions,
  GammaNLLLoss,
  gammaNllLoss,
  LogNormalNLLLoss,
  logNormalNllLoss,
  StudentTNLLLoss,
  studentTNllLoss,
} from "./regression/density-nll-losses.ts";
export { ExpectileLoss, type ExpectileLossOptions, expectileLoss } from "./regression/expectile-loss.ts";
export { GaussianNLLLoss, type GaussianNLLLossOptions, gaussianNllLoss } from "./regression/gaussian-nll-loss.ts";
export { HuberLoss, type HuberOptions, huberLoss } from "./regression/huber-loss.ts";
export { L1Loss, l1Loss } from "./regression/l1-loss.ts";
export { LogCoshLoss, logCoshLoss } from "./regression/log-cosh-loss.ts";
export { MAPELoss, type MAPELossOptions, mapeLoss, SMAPELoss, smapeLoss } from "./regression/mape-loss.ts";
export { MSELoss, mseLoss } from "./regression/mse-loss.ts";
export { MSLELoss, msleLoss } from "./regression/msle-loss.ts";
export { PoissonNLLLoss, type PoissonNLLLossOptions, poissonNllLoss } from "./regression/poisson-nll-loss.ts";
export {
  QuantileHuberLoss,
  type QuantileHuberLossOptions,
  quantileHuberLoss,
} from "./regression/quantile-huber-loss.ts";
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
export { TweedieLoss, type TweedieLossOptions, tweedieLoss } from "./regression/tweedie-loss.ts";
export { WingLoss, type WingLossOptions, wingLoss } from "./regression/wing-loss.ts";
export { BoundaryLoss, type BoundaryLossOptions, boundaryLoss } from "./segmentation/boundary-loss.ts";
export { CLDiceLoss, type CLDiceLossOptions, clDiceLoss } from "./segmentation/cl-dice-loss.ts";
export {
  DiceCrossEntropyLoss,
  type DiceCrossEntropyLossOptions,
  DiceFocalLoss,
  type DiceFocalLossOptions,
  diceCrossEntropyLoss,
  diceFocalLoss,
  GeneralizedDiceFocalLoss,
  type GeneralizedDiceFocalLossOptions,
  generalizedDiceFocalLoss,
} from "./segmentation/combined-losses.ts";
export type { OverlapLoss, OverlapOptions } from "./segmentation/define-overlap-loss.ts";
export { DiceLoss, type DiceLossOptions, diceLoss } from "./segmentation/dice-loss.ts";
export { type SignedDistanceMapOptions, signedDistanceMap } from "./segmentation/distance-maps.ts";
export {
  ExponentialLogarithmicLoss,
  type ExponentialLogarithmicLossOptions,
  exponentialLogarithmicLoss,
} from "./segmentation/exponential-logarithmic-loss.ts";
export {
  GeneralizedDiceLoss,
  type GeneralizedDiceLossOptions,
  generalizedDiceLoss,
} from "./segmentation/generalized-dice-loss.ts";
export {
  HausdorffDistanceLoss,
  type HausdorffDistanceLossOptions,
  HausdorffErosionLoss,
  type HausdorffErosionLossOptions,
  hausdorffDistanceLoss,
  hausdorffErosionLoss,
} from "./segmentation/hausdorff-losses.ts";
export { JaccardLoss, type JaccardLossOptions, jaccardLoss } from "./segmentation/jaccard-loss.ts";
export {
  LovaszHingeLoss,
  type LovaszHingeLossOptions,
  type LovaszLossOptions,
  LovaszSoftmaxLoss,
  lovaszHingeLoss,
  lovaszSoftmaxLoss,
} from "./segmentation/lovasz-losses.ts";
export {
  MatthewsCorrelationLoss,
  type MatthewsCorrelationLossOptions,
  matthewsCorrelationLoss,
} from "./segmentation/matthews-correlation-loss.ts";
export { NACLLoss, type NACLLossOptions, naclLoss } from "./segmentation/nacl-loss.ts";
export type { Activation } from "./segmentation/probabilities.ts";
export type { SegmentationOptions } from "./segmentation/regions.ts";
export {
  SoftBCEWithLogitsLoss,
  type SoftBinaryCrossEntropyWithLogitsOptions,
  softBinaryCrossEntropyWithLogits,
} from "./segmentation/soft-binary-cross-entropy.ts";
export { softSkeleton } from "./segmentation/soft-skeleton.ts";
export {
  FocalTverskyLoss,
  type FocalTverskyLossOptions,
  focalTverskyLoss,
  TverskyLoss,
  type TverskyLossOptions,
  tverskyLoss,
} from "./segmentation/tversky-loss.ts";
export { UnifiedFocalLoss, type UnifiedFocalLossOptions, unifiedFocalLoss } from "./segmentation/unified-focal-loss.ts";
export {
  WassersteinDiceLoss,
  type WassersteinDiceLossOptions,
  wassersteinDiceLoss,
} from "./segmentation/wasserstein-dice-loss.ts";
export { BarlowTwinsLoss, type BarlowTwinsLossOptions, barlowTwinsLoss } from "./self-supervised/barlow-twins-loss.ts";
export { CLIPLoss, type CLIPLossOptions, type CLIPLossSettings, clipLoss } from "./self-supervised/clip-loss.ts";
export {
  BYOLLoss,
  byolLoss,
  NegativeCosineSimilarityLoss,
  negativeCosineSimilarity,
  SimSiamLoss,
  simSiamLoss,
} from "./self-supervised/cosine-losses.ts";
export {
  DCLLoss,
  type DCLLossOptions,
  DCLWLoss,
  type DCLWLossOptions,
  dclLoss,
  dclwLoss,
} from "./self-supervised/dcl-loss.ts";
export {
  DINOLoss,
  type DINOLossOptions,
  type DINOLossSettings,
  dinoLoss,
  type Temperature,
} from "./self-supervised/dino-loss.ts";
export {
  IBOTPatchLoss,
  type IBOTPatchLossOptions,
  type IBOTPatchLossSettings,
  ibotPatchLoss,
} from "./self-supervised/ibot-patch-loss.ts";
export { KoLeoLoss, type KoLeoLossOptions, koLeoLoss } from "./self-supervised/koleo-loss.ts";
export {
  LeJEPALoss,
  type LeJEPALossOptions,
  type LeJEPALossSettings,
  leJepaLoss,
  type SIGRegLossOptions,
  type SIGRegOptions,
  sigRegLoss,
} from "./self-supervised/lejepa-loss.ts";
export { MemoryBank, type MemoryBankOptions } from "./self-supervised/memory-bank.ts";
export { MMCRLoss, type MMCRLossOptions, mmcrLoss } from "./self-supervised/mmcr-loss.ts";
export { MoCoLoss, type MoCoLossOptions, mocoLoss } from "./self-supervised/moco-loss.ts";
export {
  SigmoidContrastiveLoss,
  type SigmoidContrastiveLossOptions,
  type SigmoidContrastiveLossSettings,
  sigmoidContrastiveLoss,
} from "./self-supervised/sigmoid-contrastive-loss.ts";
export {
  type SinkhornOptions,
  SwAVLoss,
  type SwAVLossOptions,
  sinkhorn,
  swavLoss,
} from "./self-supervised/swav-loss.ts";
export { TeacherCenter } from "./self-supervised/teacher-center.ts";
export { TiCoLoss, type TiCoLossOptions, tiCoLoss } from "./self-supervised/tico-loss.ts";
export {
  VICRegLoss,
  type VICRegLossOptions,
  type VICRegOptions,
  type VICRegParts,
  vicRegLoss,
  vicRegParts,
} from "./self-supervised/vic-reg-loss.ts";
export { WMSELoss, type WMSELossOptions, wMseLoss } from "./self-supervised/w-mse-loss.ts";
export type { SequenceNormalization } from "./sequence/by-length.ts";
export { CTCLoss, type CTCLossOptions, CTCWithLogitsLoss, ctcLoss, ctcLossWithLogits } from "./sequence/ctc-loss.ts";
export { RNNTLoss, type RNNTLossOptions, rnntLoss } from "./sequence/rnnt-loss.ts";
export { CoralAlignmentLoss, coralAlignmentLoss } from "./transport/coral-alignment-loss.ts";
export {
  EarthMoversDistanceLoss,
  type EarthMoversDistanceOptions,
  earthMoversDistance,
} from "./transport/earth-movers-distance.ts";
export {
  MaximumMeanDiscrepancyLoss,
  type MaximumMeanDiscrepancyOptions,
  maximumMeanDiscrepancy,
} from "./transport/maximum-mean-discrepancy.ts";
export {
  SinkhornDivergenceLoss,
  type SinkhornDivergenceOptions,
  sinkhornDivergence,
} from "./transport/sinkhorn-divergence.ts";
export {
  SoftDTWDivergenceLoss,
  SoftDTWLoss,
  type SoftDtwOptions,
  softDtwDivergence,
  softDtwLoss,
} from "./transport/soft-dtw-loss.ts";
export {
  Wasserstein1dLoss,
  type Wasserstein1dLossOptions,
  wasserstein1dLoss,
} from "./transport/wasserstein-1d-loss.ts";
export {
  type AdaptiveLogSoftmaxLossOptions,
  type AdaptiveSoftmaxWeights,
  adaptiveLogSoftmax,
  adaptiveLogSoftmaxLoss,
} from "./vocabulary/adaptive-log-softmax.ts";
export {
  type AdaptiveLogSoftmaxOptions,
  AdaptiveLogSoftmaxWithLoss,
  type AdaptiveOutput,
} from "./vocabulary/adaptive-log-softmax-with-loss.ts";
export {
  type ClassSampler,
  type ClassSamples,
  type LogUniformOptions,
  logUniformSampler,
} from "./vocabulary/class-samples.ts";
export {
  LinearCrossEntropyLoss,
  type LinearCrossEntropyLossOptions,
  type LinearCrossEntropyOptions,
  linearCrossEntropy,
} from "./vocabulary/linear-cross-entropy.ts";
export { type LinearSequenceLogProbsOptions, linearSequenceLogProbs } from "./vocabulary/linear-sequence-log-probs.ts";
export { overRowChunks, type RowChunksOptions, type RowFunction } from "./vocabulary/row-chunks.ts";
export type { SampledLossOptions } from "./vocabulary/sampled-logits.ts";
export { NceLoss, type SampledLossSettings, SampledSoftmaxLoss } from "./vocabulary/sampled-loss-classes.ts";
export { nceLoss, sampledSoftmaxLoss } from "./vocabulary/sampled-losses.ts";
export {
  ShardedCrossEntropyLoss,
  type ShardedCrossEntropyOptions,
  shardedCrossEntropy,
} from "./vocabulary/sharded-cross-entropy.ts";
