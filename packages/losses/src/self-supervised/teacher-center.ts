import { isTracing, keep, noGrad, type Tensor, tidy, zeros } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";

/** The running mean of a teacher's outputs, which centring takes away from them. */
export class TeacherCenter {
  /** `[D]`. Save and restore it with the model. */
  readonly value: Tensor;
  readonly momentum: number;

  constructor(op: string, dim: number, momentum: number) {
    checkOption(op, "centerMomentum", momentum, "from 0 to 1", momentum >= 0 && momentum <= 1);
    checkOption(op, "dim", dim, "a whole number above 0", Number.isInteger(dim) && dim > 0);
    this.value = keep(zeros([dim]));
    this.momentum = momentum;
  }

  /** `center = momentum center + (1 - momentum) mean(teacher)`, over all but the last dimension. Nothing happens in a trace or for an empty batch. */
  update(teacher: Tensor): void {
    if (isTracing() || teacher.size === 0) return;
    noGrad(() =>
      tidy(() => {
        const dims = Array.from({ length: teacher.ndim - 1 }, (_, i) => i);
        const now = teacher.detach().to("float64").mean(dims);
        this.value.copy_(
          this.value
            .to("float64")
            .mul(this.momentum)
            .add(now.mul(1 - this.momentum)),
        );
      }),
    );
  }
}
