import { tsupConfig } from "../../tools/tsup.ts";

export default tsupConfig({ index: "src/index.ts", "testing/index": "src/testing/index.ts" });
