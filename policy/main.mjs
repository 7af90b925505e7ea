// Entry point for Pulumi's loader of policy packs. The loader uses ts-node, which supports neither this project's module
// resolution nor its TypeScript version. tsx supports both, and saves seconds because it checks no types.
import { register } from "tsx/esm/api";

register();
import("./pack.ts");
