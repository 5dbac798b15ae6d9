import { asTensor, Callable, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOneOf, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { rowEntropy } from "./cross-view.ts";
import { type DINOLossOptions, type Temperature, teacherTargets, temperatureAt } from "./dino-loss.ts";
import { TeacherCenter } from "./teacher-center.ts";
import { checkRank } from "./two-views.ts";

const OP = "ibotPatchLoss";

export interface IBOTPatchLossOptions extends DINOLossOptions {
  /** Which patches the student did not see (bool, `[N, P]`): those that count. Default all. */
  readonly mask?: TensorArg;
  /** What the mean is one of: each image's mean over its masked patches, or all masked patches. Default "image". */
  readonly normalize?: "image" | "patch";
}

/**
 * iBOT's loss of masked patches: cross entropy of the student's distribution for a patch it did not see against the teacher's, who saw it.
 *
 *     loss_np = -sum_d softmax((teacher_np - center) / teacherTemperature) log softmax(student_np / studentTemperature)
 *
 * Shapes: outputs `[N, P, D]` for P patches of N images, mask `[N, P]`; to a scalar. With `reduction: "none"` each image's mean `[N]`, or with
 * `normalize: "patch"` each patch's loss `[N, P]`. An image without masked patches has loss 0 and counts as an image. No gradient flows into the teacher.
 * Source: Zhou et al., "iBOT: Image BERT Pre-Training with Online Tokenizer" (2021), arXiv 2111.07832.
 * @throws ShapeError; ArgumentError for temperatures that are not positive or an unknown `normalize`.
 * @example ibotPatchLoss([[[1, 0], [5, 5]]], [[[1, 0], [0, 1]]], { mask: [[true, false]] }).item() // 0.000045399039663607255
 */
export const ibotPatchLoss = /* @__PURE__ */ lossFunction(
  OP,
  (student: TensorArg, teacher: TensorArg, options: IBOTPatchLossOptions): Losses => {
    const { studentTemperature = 0.1, normalize = "image" } = options;
    checkPositive(OP, "studentTemperature", studentTemperature);
    checkOneOf(OP, "normalize", normalize, ["image", "patch"]);
    const [s, t] = realDoubles(student, teacher);
    checkRank(OP, "student", s, "[N, P, D]");
    checkSameShape(OP, { student: s, teacher: t });
    const kept = options.mask === undefined ? undefined : asTensor(options.mask).to("bool");
    if (kept !== undefined) checkSameShape(OP, { "a patch's outputs": s.select(2, 0), mask: kept });
    // Patches that do not count may hold anything.
    const clean = (x: Tensor) => (kept === undefined ? x : where(kept.unsqueeze(2), x, 0));
    const targets = teacherTargets(OP, clean(t), options);
    const rows = rowEntropy(clean(s).div(studentTemperature), targets);
    const patches = kept === undefined ? rows : where(kept, rows, 0);
    if (normalize === "patch") return { losses: patches, divisor: kept?.to(patches.dtype).sum() };
    if (kept === undefined) return { losses: patches.mean(1) };
    return { losses: patches.sum(1).div(kept.to(patches.dtype).sum(1).clamp({ min: 1 })) };
  },
);

export interface IBOTPatchLossSettings
  extends Omit<IBOTPatchLossOptions, "center" | "mask" | "teacherTemperature">,
    ReductionOptions {
  /** Default 0.04. */
  readonly teacherTemperature?: Temperature;
  /** How slowly the centre follows. Default 0.9. */
  readonly centerMomentum?: number;
}

/**
 * `ibotPatchLoss` with its centre as state: `forward(student, teacher, mask, step)`. The centre follows the mean over all patches of the teacher.
 * @throws as `ibotPatchLoss` does; ArgumentError for a momentum outside [0, 1].
 */
export class IBOTPatchLoss extends Callable {
  readonly center: TeacherCenter;
  readonly options: IBOTPatchLossSettings;

  /** @param dim number of outputs D. */
  constructor(dim: number, options: IBOTPatchLossSettings = {}) {
    super();
    this.options = options;
    this.center = new TeacherCenter("IBOTPatchLoss", dim, options.centerMomentum ?? 0.9);
  }

  override forward(student: TensorArg, teacher: TensorArg, mask?: TensorArg, step = 0): Tensor {
    const { teacherTemperature = 0.04, centerMomentum: _, ...rest } = this.options;
    const t = asTensor(teacher);
    const loss = ibotPatchLoss(student, t, {
      ...rest,
      ...(mask !== undefined && { mask }),
      center: this.center.value,
      teacherTemperature: temperatureAt(teacherTemperature, step),
    });
    this.center.update(t);
    return loss;
  }
}
