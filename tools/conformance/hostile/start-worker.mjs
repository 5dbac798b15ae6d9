// Node 20 has no TypeScript in worker threads: tsx is registered by hand, then the worker itself is loaded.
import { register } from "tsx/esm/api";

register();
await import("./worker.ts");
