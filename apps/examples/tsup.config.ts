import { tsupConfig } from "../../tools/tsup.ts";

export default tsupConfig({ cifar: "src/cifar.ts" });
