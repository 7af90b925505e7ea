// What Pulumi's loader of policy packs requires. It brings ts-node, which knows neither this project's module
// resolution nor its TypeScript; tsx does, and checks no types, which saves seconds.
import { register } from "tsx/esm/api";

register();
import("./pack.ts");
