import { asTensor, Callable, noGrad, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossFunction } from "../core/loss-function.ts";
import { optionTensor } from "../core/option-tensor.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { checkViews, crossViewLosses } from "./cross-view.ts";
import { TeacherCenter } from "./teacher-center.ts";
import { checkRank } from "./two-views.ts";

const OP = "dinoLoss";

export interface DINOLossOptions extends ReductionOptions {
  /** Taken away from the teacher's outputs, `[D]`: their running mean. Default 0. */
  readonly center?: TensorArg;
  /** Default 0.1. */
  readonly studentTemperature?: number;
  /** The sharper the lower; the paper warms it up from 0.04 to 0.07. Default 0.04. */
  readonly teacherTemperature?: number;
}

/**
 * Self-distillation without labels (DINO): cross entropy of the student's distribution for each view against the teacher's for every other view.
 *
 *     loss = mean over t != v of -sum_d softmax((teacher_t - center) / teacherTemperature) log softmax(student_v / studentTemperature)
 *
 * Shapes: outputs of the student for all views `[V, N, D]`, of the teacher for the first T of them (the global crops) `[T, N, D]`; to a scalar. With
 * `reduction: "none"` `[V, N]`: each view's loss, summed over the teacher's other views. No gradient flows into the teacher.
 *
 * Each view is one fused cross entropy against the mean of its targets: the log-softmax is never stored, and confident rows keep their tiny losses.
 * Source: Caron et al., "Emerging Properties in Self-Supervised Vision Transformers" (2021), arXiv 2104.14294.
 * @throws ShapeError; ArgumentError for more teacher views than student views, temperatures that are not positive or a centre that is not `[D]`.
 * @example dinoLoss([[[1, 0]], [[0, 0]]], [[[1, 0]], [[1, 0]]]).item() // 0.34659630060195923
 */
export const dinoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (student: TensorArg, teacher: TensorArg, options: DINOLossOptions) => {
    const { studentTemperature = 0.1 } = options;
    checkPositive(OP, "studentTemperature", studentTemperature);
    const [s, t] = realDoubles(student, teacher);
    checkRank(OP, "student", s, "[V, N, D]");
    checkRank(OP, "teacher", t, "[T, N, D]");
    checkViews(OP, s.shape[0]!, t.shape[0]!);
    checkSameShape(OP, { "a view of the student": s.narrow(0, 0, 1), "a view of the teacher": t.narrow(0, 0, 1) });
    return crossViewLosses(s.div(studentTemperature), teacherTargets(OP, t, options));
  },
);

export interface TeacherOptions {
  readonly center?: TensorArg;
  readonly teacherTemperature?: number;
}

/** `softmax((teacher - center) / temperature)`, a constant. */
export function teacherTargets(op: string, teacher: Tensor, options: TeacherOptions): Tensor {
  const { center = 0, teacherTemperature = 0.04 } = options;
  checkPositive(op, "teacherTemperature", teacherTemperature);
  return noGrad(() => {
    const shift = optionTensor(center, teacher).detach();
    const dim = teacher.shape.at(-1)!;
    const fits = shift.ndim === 0 || (shift.ndim === 1 && shift.shape[0] === dim);
    checkOption(op, "center", shift.shape, `one number for each output, [${dim}]`, fits);
    return teacher.detach().sub(shift).div(teacherTemperature).softmax(-1);
  });
}

/** A temperature, or one for each step: `(step) => Math.min(0.07, 0.04 + 0.001 * step)`. */
export type Temperature = number | ((step: number) => number);

export interface DINOLossSettings extends Omit<DINOLossOptions, "center" | "teacherTemperature"> {
  /** Default 0.04. */
  readonly teacherTemperature?: Temperature;
  /** How slowly the centre follows. Default 0.9. */
  readonly centerMomentum?: number;
}

/**
 * `dinoLoss` with its centre as state. Every call ends with the centre's next value, as the paper has it: the batch's own outputs are centred by those
 * before. `forward(student, teacher, step)`: the step (or epoch) is what a temperature schedule is asked for.
 * @throws as `dinoLoss` does; ArgumentError for a momentum outside [0, 1].
 * @example new DINOLoss(2)([[[1, 0]], [[0, 0]]], [[[1, 0]], [[1, 0]]]).item() // 0.34659630060195923
 */
export class DINOLoss extends Callable {
  readonly center: TeacherCenter;
  readonly options: DINOLossSettings;

  /** @param dim number of outputs D. */
  constructor(dim: number, options: DINOLossSettings = {}) {
    super();
    this.options = options;
    this.center = new TeacherCenter("DINOLoss", dim, options.centerMomentum ?? 0.9);
  }

  override forward(student: TensorArg, teacher: TensorArg, step = 0): Tensor {
    const { teacherTemperature = 0.04, centerMomentum: _, ...rest } = this.options;
    const temperature = temperatureAt(teacherTemperature, step);
    const t = asTensor(teacher);
    const loss = dinoLoss(student, t, { ...rest, center: this.center.value, teacherTemperature: temperature });
    this.center.update(t);
    return loss;
  }
}

export function temperatureAt(temperature: Temperature, step: number): number {
  return typeof temperature === "number" ? temperature : temperature(step);
}
