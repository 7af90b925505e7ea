import { dirname } from "node:path";

/** Folder of this repository. */
export const ROOT = dirname(import.meta.dirname);
