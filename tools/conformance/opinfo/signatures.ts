/**
 * PyTorch's parameters by operation, in PyTorch's order. Those that Tenon takes in its options object have a star; all others are
 * positional in both. Operations that are not here take their inputs as they come, and keywords as options (`dim` apart: positional, last).
 */
const SIGNATURES: Readonly<Record<string, string>> = {
  add: "input other *alpha",
  sub: "input other *alpha",
  div: "input other *roundingMode",
  clamp: "input *min *max",
  where: "condition input other",
  lerp: "input end weight",
  addcmul: "input tensor1 tensor2 *value",
  addcdiv: "input tensor1 tensor2 *value",

  sum: "input dim *keepdim",
  nansum: "input dim *keepdim",
  mean: "input dim *keepdim",
  nanmean: "input dim *keepdim",
  prod: "input dim *keepdim",
  amax: "input dim *keepdim",
  amin: "input dim *keepdim",
  all: "input dim *keepdim",
  any: "input dim *keepdim",
  argmax: "input dim *keepdim",
  argmin: "input dim *keepdim",
  logsumexp: "input dim *keepdim",
  count_nonzero: "input dim",
  std: "input dim *unbiased *keepdim",
  var: "input dim *unbiased *keepdim",
  norm: "input *p dim *keepdim",
  "linalg.vector_norm": "input *ord dim *keepdim",
  cumsum: "input dim *dtype",
  cumprod: "input dim *dtype",
  logcumsumexp: "input dim",
  softmax: "input dim *dtype",
  log_softmax: "input dim *dtype",
  "nn.functional.softmax": "input dim *dtype",
  "nn.functional.log_softmax": "input dim *dtype",
  "nn.functional.softmin": "input dim *dtype",
  topk: "input k dim *largest *sorted",
  sort: "input dim *descending *stable",
  argsort: "input dim *descending",

  flatten: "input startDim endDim",
  squeeze: "input dim",
  unsqueeze: "input dim",
  cat: "tensors dim",
  stack: "tensors dim",
  chunk: "input chunks dim",
  split: "input splitSize dim",
  unbind: "input dim",
  gather: "input dim index",
  scatter: "input dim index src *reduce",
  index_select: "input dim index",
  masked_fill: "input mask value",
  flip: "input dims",
  roll: "input shifts dims",
  tril: "input diagonal",
  triu: "input diagonal",
  "nn.functional.pad": "input pad *mode *value",
  constant_pad_nd: "input pad *value",
  "nn.functional.one_hot": "input *numClasses",

  "nn.functional.linear": "input weight bias",
  "nn.functional.conv1d": "input weight bias *stride *padding *dilation *groups",
  "nn.functional.conv2d": "input weight bias *stride *padding *dilation *groups",
  "nn.functional.conv3d": "input weight bias *stride *padding *dilation *groups",
  "nn.functional.adaptive_avg_pool2d": "input outputSize",
  "nn.functional.adaptive_avg_pool3d": "input outputSize",
  "nn.functional.conv_transpose1d": "input weight bias *stride *padding *outputPadding *groups *dilation",
  "nn.functional.conv_transpose2d": "input weight bias *stride *padding *outputPadding *groups *dilation",
  "nn.functional.conv_transpose3d": "input weight bias *stride *padding *outputPadding *groups *dilation",
  "nn.functional.prelu": "input weight",
  logit: "input *eps",
  "nn.functional.layer_norm": "input normalizedShape *weight *bias *eps",
  "nn.functional.batch_norm": "input runningMean runningVar *weight *bias *training *momentum *eps",
  "nn.functional.instance_norm": "input runningMean runningVar *weight *bias *useInputStats *momentum *eps",
  "nn.functional.embedding": "input weight",
  "nn.functional.gelu": "input *approximate",
  "nn.functional.softplus": "input *beta *threshold",
  "nn.functional.elu": "input *alpha",
  "nn.functional.celu": "input *alpha",
  "nn.functional.leaky_relu": "input *negativeSlope",
  "nn.functional.dropout": "input *p *training",

  "nn.functional.cross_entropy": "input target *weight",
  "nn.functional.nll_loss": "input target *weight",
  "nn.functional.binary_cross_entropy": "input target *weight",
  "nn.functional.binary_cross_entropy_with_logits": "input target *weight",
};

export interface Parameter {
  readonly name: string;
  readonly option: boolean;
}

export function parametersOf(op: string): Parameter[] | undefined {
  const text = SIGNATURES[op];
  return text
    ?.split(" ")
    .map((word) => (word.startsWith("*") ? { name: word.slice(1), option: true } : { name: word, option: false }));
}
