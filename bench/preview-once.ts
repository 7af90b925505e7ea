import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { planStack } from "../cli/preview/plan-stack.ts";
import { stackNeeds } from "../cli/preview/stack-needs.ts";

/** Runs one offline preview, in a process that preview.bench.ts measures: `preview-once.ts STACK policies|plain [CONFIG.json]`. */
const root = join(import.meta.dirname, "..");
const [stack = "", policies, configFile] = process.argv.slice(2);
const config =
  configFile === undefined
    ? undefined
    : z.record(z.string(), z.string()).parse(JSON.parse(await readFile(configFile, "utf8")));
const { ok, steps, durationMs, failed } = await planStack(await stackNeeds(root, stack), {
  projectDir: root,
  backendDir: undefined,
  passphrase: undefined,
  policies: policies === "policies",
  ...(config === undefined ? {} : { config }),
});
console.log(
  JSON.stringify({ ok, steps: steps.length, seconds: durationMs / 1000, failed: failed.slice(0, 1) }),
);
