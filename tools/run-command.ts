import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./workspace.ts";

export interface CommandResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of the system or of node_modules/.bin and collects what it prints. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}) {
  const { cwd = ROOT, env = {} } = options;
  const path = `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH ?? ""}`;
  return new Promise<CommandResult>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: path, NO_COLOR: "1", FORCE_COLOR: "0", TURBO_TELEMETRY_DISABLED: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The same, as a list of problems: empty if the program ends well, else its last lines. */
export async function problemsOf(command: string, args: readonly string[], options: CommandOptions = {}) {
  const { code, output } = await runCommand(command, args, options);
  return code === 0 ? [] : output.trimEnd().split("\n").slice(-60);
}
