import { engine } from "./runtime.ts";

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

// Blocks whose Storage was collected without having been freed by hand or by a scope. Made at first use: a registry at
// module level would be a side effect of importing.
let collected: FinalizationRegistry<Block> | undefined;

function registry(): FinalizationRegistry<Block> {
  collected ??= new FinalizationRegistry((block) => engine().heap.free(block.offset, block.bytes));
  return collected;
}

/**
 * A block of the engine's heap, shared by the tensors that view it and by the tape's saved values, counted by `refs`.
 * Freed when the count reaches zero, or by the garbage collector once `guard()` was called.
 */
export class Storage {
  readonly offset: number;
  readonly bytes: number;
  /** Grows with every write in place, so that the tape can tell that a saved value has changed. */
  version = 0;
  refs = 1;
  #guarded = false;

  constructor(bytes: number) {
    this.offset = engine().heap.alloc(bytes);
    this.bytes = bytes;
  }

  retain(): void {
    this.refs++;
  }

  release(): void {
    if (--this.refs === 0) {
      if (this.#guarded) registry().unregister(this);
      engine().heap.free(this.offset, this.bytes);
    }
  }

  /** Lets the garbage collector free the block when nothing refers to it any more; for what no scope owns. */
  guard(): void {
    if (this.#guarded || this.refs === 0) return;
    this.#guarded = true;
    registry().register(this, { offset: this.offset, bytes: this.bytes }, this);
  }
}
