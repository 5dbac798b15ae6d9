import type { Engine } from "./engine/engine.ts";
import { startEngine } from "./engine/start.ts";
import type { OpDefinition } from "./op.ts";
import type { Generator } from "./random/generator.ts";
import type { Scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** What listens while a function is traced; see graph/trace.ts. */
export interface Tracer {
  /** Whether a graph is being made, rather than a call watched. */
  readonly makesGraph: boolean;
  /** An operation ran. An operation in place is told before it writes, with its target as first input and as output. */
  record(op: OpDefinition<never>, inputs: readonly Tensor[], attrs: unknown, outputs: readonly Tensor[]): void;
  /** The elements of a tensor are about to be read out into JavaScript. */
  reading(x: Tensor): void;
}

/** Everything in Tenon that is process-wide, in one place. */
interface Runtime {
  engine: Engine | null;
  /** Whether operations are recorded for `backward()`. */
  gradEnabled: boolean;
  /** The innermost open scope; tensors made now belong to it. */
  scope: Scope | null;
  tracer: Tracer | null;
  /** The default random number generator; made at first use. */
  generator: Generator | null;
}

export const runtime: Runtime = {
  engine: null,
  gradEnabled: true,
  scope: null,
  tracer: null,
  generator: null,
};

/** The engine in use. Node starts it here, synchronously, at the first use; a browser must have awaited `ready()`. */
export function engine(): Engine {
  runtime.engine ??= startEngine();
  return runtime.engine;
}

/** Whether a trace is being made: values cannot be read then, and what runs becomes a graph. */
export function isTracing(): boolean {
  return runtime.tracer?.makesGraph ?? false;
}
