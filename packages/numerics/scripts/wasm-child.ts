// Runs clang (itself WebAssembly) for scripts/wasm.ts. A process of its own, because clang reports progress on standard
// output, blocks its thread while it works, and is faster to start with --liftoff-only.
import { commands, Exit } from "@yowasp/clang";

/** One call of clang: its arguments, the files it sees, the file it makes. */
export interface Task {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly output: string;
}

export interface TaskResult {
  readonly bytes: Uint8Array | null;
  readonly messages: string;
}

async function perform({ args, files, output }: Task): Promise<TaskResult> {
  const messages: Uint8Array[] = [];
  const options = {
    stderr: (bytes: Uint8Array | null) => void (bytes !== null && messages.push(bytes.slice())),
    stdout: () => {},
  };
  let bytes: Uint8Array | null = null;
  try {
    const made = await commands["clang++"]([...args], { ...files }, options);
    bytes = (made?.[output] as Uint8Array | undefined) ?? null;
  } catch (error) {
    if (!(error instanceof Exit)) messages.push(Buffer.from(String(error)));
  }
  return { bytes, messages: Buffer.concat(messages).toString() };
}

process.on("message", (task: Task) => {
  void perform(task).then((result) => process.send!(result));
});
process.on("disconnect", () => process.exit());
