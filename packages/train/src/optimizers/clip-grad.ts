import { noGrad, type Tensor, tidy } from "@tenon/numerics";

function gradients(parameters: Iterable<Tensor>): Tensor[] {
  return [...parameters].map((p) => p.borrowGrad()).filter((g): g is Tensor => g !== null);
}

/**
 * Scales all gradients together so that their 2-norm is at most `maxNorm`: times `min(1, maxNorm / (norm + 1e-6))`.
 * Returns the norm before scaling. Source: Pascanu, Mikolov, Bengio (ICML 2013).
 */
export function clipGradNorm_(parameters: Iterable<Tensor>, maxNorm: number): number {
  return noGrad(() =>
    tidy(() => {
      const all = gradients(parameters);
      // Each norm is exact to a rounding; their squares are added in float64.
      const norm = Math.hypot(...all.map((g) => g.norm().item() as number));
      const factor = Math.min(1, maxNorm / (norm + 1e-6));
      if (factor < 1) for (const g of all) g.mul_(factor);
      return norm;
    }),
  );
}

/** Limits every element of every gradient to [-limit, limit]. */
export function clipGradValue_(parameters: Iterable<Tensor>, limit: number): void {
  noGrad(() =>
    tidy(() => {
      for (const g of gradients(parameters)) g.copy_(g.maximum(-limit).minimum(limit));
    }),
  );
}
