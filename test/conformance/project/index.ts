import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

/** Runs the program of one case, at one of its steps. */
const config = new pulumi.Config("conformance");
const loaded = (await import(`../cases/${config.require("case")}.ts`)) as { default: Case };

export default (): unknown =>
  loaded.default.program({ step: config.requireNumber("step"), namespace: config.require("namespace") });
