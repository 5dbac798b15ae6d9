// npm start: builds what this run needs, then trains. The engine's other build is left for `npm run build`: it would take longer than the training.
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const wasm = args.includes("wasm") || args.includes("--backend=wasm") || process.env.TENON_BACKEND === "wasm";
const env = wasm ? process.env : { ...process.env, TENON_KERNELS: "needed" };
const help = args.includes("--help") || args.includes("-h");

function run(command, parameters, environment) {
  const { status } = spawnSync(command, parameters, {
    stdio: "inherit",
    env: environment,
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!help) console.log("building (the first time takes some minutes) ...");
run("npm", ["run", "-s", "build", "--", "--output-logs=errors-only"], env);
run(process.execPath, ["apps/examples/dist/cifar.js", ...args], process.env);
