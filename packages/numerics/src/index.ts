export { type GradOptions, grad } from "./autograd/backward.ts";
export { enableGrad, isGradEnabled, noGrad } from "./autograd/grad-mode.ts";
export { Callable } from "./callable.ts";
export {
  arange,
  asIndexTensor,
  asTensor,
  empty,
  eye,
  fromTypedArray,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from "./create.ts";
export {
  type DType,
  dtypes,
  isFloatingPoint,
  isInteger,
  itemSize,
  promoteTypes,
  type TypedArray,
  type TypedArrayOf,
  typedArrayClass,
} from "./dtype.ts";
export { type BackendInfo, backend } from "./engine/backend.ts";
export { ready } from "./engine/ready.ts";
export {
  ArgumentError,
  ChecksumError,
  DisposedError,
  DTypeError,
  type ErrorDetails,
  FileError,
  FormatError,
  GraphError,
  IndexOutOfRangeError,
  OutOfMemoryError,
  ShapeError,
  TenonError,
  UnsupportedError,
} from "./errors.ts";
export {
  applyBinary,
  applyBinaryInPlace,
  type BinaryDefinition,
  binary,
  broadcastStrides,
  operands,
} from "./families/binary.ts";
export {
  asClassTarget,
  type ClassLossOptions,
  type ClassReduction,
  checkClassTargets,
  classDim,
} from "./families/class-loss.ts";
export type { ElementwiseLossOptions, LossReduction } from "./families/elementwise-loss.ts";
export type { ValuesAndIndices } from "./families/extreme.ts";
export type { AffineOptions } from "./families/normalization.ts";
export type { Pair, WindowOptions } from "./families/pooling.ts";
export type { ReductionOptions } from "./families/reduction.ts";
export {
  type Graph,
  type GraphConstant,
  type GraphNode,
  type GraphOutput,
  type GraphParameter,
  type GraphValue,
  prune,
} from "./graph/graph.ts";
export type { Lowering, OnnxAttribute, OnnxBuilder, OnnxNodeOptions, OnnxValue } from "./graph/onnx.ts";
export { type TraceOptions, type TraceOutput, trace } from "./graph/trace.ts";
export { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half.ts";
export { breathe, type MemoryInfo, memory, resetPeakMemory } from "./memory.ts";
export {
  apply,
  applyInPlace,
  applyMulti,
  type CompositeOptions,
  defineOp,
  type Gradient,
  type GradientContext,
  type ManyOutputs,
  type NonDifferentiable,
  nonDifferentiable,
  type OneOutput,
  type OpDefinition,
  type OpFunction,
  type TensorSpec,
  type Unsupported,
  unsupported,
} from "./op.ts";
export { abs } from "./ops/abs.ts";
export { acos } from "./ops/acos.ts";
export { acosh } from "./ops/acosh.ts";
export { type AdamStepOptions, adamStep_ } from "./ops/adam-step.ts";
export { adaptiveAvgPool1d, adaptiveAvgPool2d } from "./ops/adaptive-avg-pool.ts";
export { add, add_ } from "./ops/add.ts";
export { addcdiv, addcmul, type ScaleOptions } from "./ops/addcmul.ts";
export { type AddProductOptions, addbmm, addmm, addmv, addr, baddbmm } from "./ops/addmm.ts";
export { amax } from "./ops/amax.ts";
export { amin } from "./ops/amin.ts";
export { all, any, countNonzero } from "./ops/any.ts";
export { argmax } from "./ops/argmax.ts";
export { argmin } from "./ops/argmin.ts";
export { asin } from "./ops/asin.ts";
export { asinh } from "./ops/asinh.ts";
export { atan } from "./ops/atan.ts";
export { atan2 } from "./ops/atan2.ts";
export { atanh } from "./ops/atanh.ts";
export { type AvgPoolOptions, avgPool1d, avgPool2d } from "./ops/avg-pool.ts";
export { type BatchNormOptions, batchNorm } from "./ops/batch-norm.ts";
export { bilinear } from "./ops/bilinear.ts";
export { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor } from "./ops/bitwise.ts";
export { bmm } from "./ops/bmm.ts";
export { cat, stack } from "./ops/cat.ts";
export { cbrt } from "./ops/cbrt.ts";
export { type CdistOptions, cdist } from "./ops/cdist.ts";
export { ceil } from "./ops/ceil.ts";
export { type CholeskyOptions, cholesky } from "./ops/cholesky.ts";
export { type ClampOptions, clamp, hardtanh, relu6 } from "./ops/clamp.ts";
export { clone } from "./ops/clone.ts";
export { contiguous } from "./ops/contiguous.ts";
export { type ConvOptions, conv1d, conv2d, conv3d } from "./ops/conv.ts";
export type { PerDimension } from "./ops/conv-geometry.ts";
export { type ConvTransposeOptions, convTranspose1d, convTranspose2d, convTranspose3d } from "./ops/conv-transpose.ts";
export { copy_, fill_, zero_ } from "./ops/copy-into.ts";
export { copysign } from "./ops/copysign.ts";
export { cos } from "./ops/cos.ts";
export { cosh } from "./ops/cosh.ts";
export { type CosineSimilarityOptions, cosineSimilarity } from "./ops/cosine-similarity.ts";
export { type CtcOptions, ctc } from "./ops/ctc.ts";
export { cumsum } from "./ops/cumsum.ts";
export { detach } from "./ops/detach.ts";
export { type DiagonalOptions, diagonal } from "./ops/diagonal.ts";
export { absoluteError, huberError, smoothAbsoluteError, squaredError } from "./ops/difference-losses.ts";
export { type DistanceTransformOptions, distanceTransform } from "./ops/distance-transform.ts";
export { div, div_ } from "./ops/div.ts";
export { dot, vdot } from "./ops/dot.ts";
export { type DropoutOptions, dropout } from "./ops/dropout.ts";
export { celu, elu, selu } from "./ops/elu.ts";
export { type EmbeddingOptions, embedding } from "./ops/embedding.ts";
export { type EntmaxOptions, entmax, entmax15, logEntmax, sparsemax } from "./ops/entmax.ts";
export { binaryEntropy, binaryEntropyWithLogits, divergenceError, softMarginError } from "./ops/entropy-losses.ts";
export { eq } from "./ops/eq.ts";
export { erf } from "./ops/erf.ts";
export { erfc } from "./ops/erfc.ts";
export { erfinv } from "./ops/erfinv.ts";
export { exp } from "./ops/exp.ts";
export { exp2 } from "./ops/exp2.ts";
export { broadcastTo, expand } from "./ops/expand.ts";
export { expm1 } from "./ops/expm1.ts";
export { flip, roll } from "./ops/flip.ts";
export { floor } from "./ops/floor.ts";
export { floorDivide } from "./ops/floor-divide.ts";
export { fmax, fmin } from "./ops/fmax.ts";
export {
  type AsymmetricErrorOptions,
  asymmetricError,
  binaryBrierError,
  type QualityFocalErrorOptions,
  qualityFocalError,
  type VarifocalErrorOptions,
  varifocalError,
} from "./ops/focal-errors.ts";
export { gather } from "./ops/gather.ts";
export { ge } from "./ops/ge.ts";
export { type GeluOptions, gelu } from "./ops/gelu.ts";
export { groupNorm } from "./ops/group-norm.ts";
export { gt } from "./ops/gt.ts";
export { type HardshrinkOptions, hardshrink } from "./ops/hardshrink.ts";
export { hardsigmoid } from "./ops/hardsigmoid.ts";
export { hardswish } from "./ops/hardswish.ts";
export { hypot } from "./ops/hypot.ts";
export { indexAdd, indexSelect, take } from "./ops/index-select.ts";
export { type InstanceNormOptions, instanceNorm } from "./ops/instance-norm.ts";
export { isfinite, isinf, isnan } from "./ops/is-nan.ts";
export { layerNorm } from "./ops/layer-norm.ts";
export { le } from "./ops/le.ts";
export { leakyRelu } from "./ops/leaky-relu.ts";
export { lerp } from "./ops/lerp.ts";
export { digamma, lgamma } from "./ops/lgamma.ts";
export { linear } from "./ops/linear.ts";
export { type LinearCrossEntropyOptions, linearCrossEntropy } from "./ops/linear-cross-entropy.ts";
export { log } from "./ops/log.ts";
export { logSigmoid } from "./ops/log-sigmoid.ts";
export { logSoftmax } from "./ops/log-softmax.ts";
export { logSumExp } from "./ops/log-sum-exp.ts";
export { log1mexp } from "./ops/log1mexp.ts";
export { log1p } from "./ops/log1p.ts";
export { log2 } from "./ops/log2.ts";
export { log10 } from "./ops/log10.ts";
export { logaddexp, logaddexp2 } from "./ops/logaddexp.ts";
export { type LogcumsumexpOptions, logcumsumexp } from "./ops/logcumsumexp.ts";
export { logicalAnd, logicalNot, logicalOr, logicalXor } from "./ops/logical.ts";
export { logit } from "./ops/logit.ts";
export { lt } from "./ops/lt.ts";
export { maskedFill } from "./ops/masked-fill.ts";
export { type MatmulOptions, matmul } from "./ops/matmul.ts";
export { max } from "./ops/max.ts";
export { maxPool1d, maxPool2d, maxPool2dWithIndices } from "./ops/max-pool.ts";
export { maximum, minimum } from "./ops/maximum.ts";
export { mean } from "./ops/mean.ts";
export { min } from "./ops/min.ts";
export { mish } from "./ops/mish.ts";
export { mm } from "./ops/mm.ts";
export { mul, mul_ } from "./ops/mul.ts";
export { mv } from "./ops/mv.ts";
export { type NanToNumOptions, nanToNum } from "./ops/nan-to-num.ts";
export { nanmean, nansum } from "./ops/nansum.ts";
export { ne } from "./ops/ne.ts";
export { neg } from "./ops/neg.ts";
export { type NllOptions, nll } from "./ops/nll.ts";
export { type NormOptions, norm } from "./ops/norm.ts";
export { nuclearNorm } from "./ops/nuclear-norm.ts";
export { type OneHotOptions, oneHot } from "./ops/one-hot.ts";
export { outer } from "./ops/outer.ts";
export { type PadMode, type PadOptions, pad } from "./ops/pad.ts";
export { type DistOptions, dist, type PairwiseDistanceOptions, pairwiseDistance } from "./ops/pairwise-distance.ts";
export { pdist } from "./ops/pdist.ts";
export { movedim, permute, t, transpose } from "./ops/permute.ts";
export { type PoissonErrorOptions, poissonError } from "./ops/poisson-error.ts";
export { pow } from "./ops/pow.ts";
export { prelu } from "./ops/prelu.ts";
export { cumprod, prod } from "./ops/prod.ts";
export { reciprocal } from "./ops/reciprocal.ts";
export { relu } from "./ops/relu.ts";
export { fmod, remainder } from "./ops/remainder.ts";
export { repeat, tile } from "./ops/repeat.ts";
export { flatten, reshape, unflatten, view } from "./ops/reshape.ts";
export { type RnntOptions, rnnt } from "./ops/rnnt.ts";
export { round } from "./ops/round.ts";
export { rsqrt } from "./ops/rsqrt.ts";
export { type ScatterOptions, scatter, scatterAdd } from "./ops/scatter.ts";
export { type SgdStepOptions, sgdStep_ } from "./ops/sgd-step.ts";
export { sigmoid } from "./ops/sigmoid.ts";
export { type SigmoidFocalErrorOptions, sigmoidFocalError } from "./ops/sigmoid-focal-error.ts";
export { sign } from "./ops/sign.ts";
export { silu } from "./ops/silu.ts";
export { sin } from "./ops/sin.ts";
export { sinh } from "./ops/sinh.ts";
export { narrow, type SliceOptions, select, slice } from "./ops/slice.ts";
export { softmax } from "./ops/softmax.ts";
export { type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from "./ops/softmax-cross-entropy.ts";
export { type SoftmaxDivergenceOptions, softmaxDivergence } from "./ops/softmax-divergence.ts";
export { type SoftplusOptions, softplus } from "./ops/softplus.ts";
export { softsign } from "./ops/softsign.ts";
export { type SolveTriangularOptions, solveTriangular } from "./ops/solve-triangular.ts";
export { argsort, type SortOptions, sort, type TopkOptions, topk } from "./ops/sort.ts";
export { chunk, split, unbind } from "./ops/split.ts";
export { sqrt } from "./ops/sqrt.ts";
export { square } from "./ops/square.ts";
export { squeeze, unsqueeze } from "./ops/squeeze.ts";
export { sub, sub_ } from "./ops/sub.ts";
export { sum } from "./ops/sum.ts";
export { sumTo } from "./ops/sum-to.ts";
export { tan } from "./ops/tan.ts";
export { tanh } from "./ops/tanh.ts";
export { inner, type TensordotOptions, tensordot } from "./ops/tensordot.ts";
export { to } from "./ops/to.ts";
export { tril, triu } from "./ops/tril.ts";
export { frac, trunc } from "./ops/trunc.ts";
export { std, type VarOptions, variance, variance as var } from "./ops/var.ts";
export { where } from "./ops/where.ts";
export { xlog1py, xlogy } from "./ops/xlogy.ts";
export { type HasParameters, Parameter } from "./parameter.ts";
export { defaultGenerator, Generator, type GeneratorState, manualSeed } from "./random/generator.ts";
export { philox } from "./random/philox.ts";
export { bernoulli, type RandomOptions, rand, randint, randn, randperm } from "./random/random.ts";
export { isTracing } from "./runtime.ts";
export { keep, scope, type TensorScope, tidy } from "./scope.ts";
export {
  broadcastShapes,
  contiguousStrides,
  formatShape,
  isContiguousLayout,
  normalizeDim,
  normalizeDims,
  type Shape,
  sameShape,
  sizeOfShape,
} from "./shape.ts";
export { allocate, type BackwardOptions, type NestedArray, Tensor, type TensorArg, viewOf } from "./tensor.ts";
