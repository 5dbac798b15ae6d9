import { TenonError, type Tensor } from "@tenon/numerics";
import type { Callback } from "../trainer/callback.ts";

/** The loss or a parameter became NaN or infinite. */
export class NonFiniteError extends TenonError {
  override readonly code = "NON_FINITE";
}

/** Ends the training with a NonFiniteError at the first loss that is not finite, and names the first bad parameter. */
export function nanGuard(): Callback {
  return {
    stepEnd(trainer) {
      const loss = trainer.losses.at(-1)!;
      if (Number.isFinite(loss)) return;
      const bad = [...trainer.model.stateDict()].find(([, t]) => !allFinite(t));
      throw new NonFiniteError({
        op: "Trainer.fit",
        rule: "the loss is not finite",
        received: `${loss} at step ${trainer.step}${bad === undefined ? "" : `; first bad parameter ${bad[0]}`}`,
        hint: "Lower the learning rate, clip the gradients, or look for bad values in the data",
      });
    },
  };
}

function allFinite(t: Tensor): boolean {
  return t.dtype === "int64" || (t.data() as Float32Array).every(Number.isFinite);
}
