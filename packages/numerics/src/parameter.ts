import { tensor } from "./create.ts";
import { isFloatingPoint } from "./dtype.ts";
import { keep } from "./scope.ts";
import { aliasOf, Tensor, type TensorArg } from "./tensor.ts";

/**
 * A tensor that optimizers train: a leaf that requires grad and outlives every scope. A field of a layer or loss that holds one is found by
 * `namedParameters()`.
 */
export class Parameter extends Tensor {
  constructor(data: TensorArg, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    // Its own handle on fresh memory: the tensor given may be disposed of.
    const values = tensor(data);
    const own = aliasOf(values);
    super(own.storage, own.shape, own.strides, own.offset, own.dtype);
    values.dispose();
    this.storage.guard();
    this.requiresGrad = requiresGrad && isFloatingPoint(this.dtype);
    keep(this);
  }
}

/** What layers, losses with parameters and anything else trainable offer to optimizers and exporters. */
export interface HasParameters {
  namedParameters(): Iterable<readonly [string, Tensor]>;
}
