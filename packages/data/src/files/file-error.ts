import { FileError, TenonError } from "@tenon/numerics";

/** A failed system call as an error that says which path; errors that are ours already stay as they are. */
export function fileError(op: string, rule: string, path: string, cause: unknown, hint?: string): TenonError {
  if (cause instanceof TenonError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const details = { op, rule, received: `${path} (${reason})`, cause };
  return new FileError(hint === undefined ? details : { ...details, hint });
}
