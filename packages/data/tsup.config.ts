import { tsupConfig } from "../../tools/tsup.ts";

export default tsupConfig({ index: "src/index.ts", worker: "src/worker.ts" });
