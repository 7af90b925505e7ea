import { destroy, preview, up } from "../local/engine/engine.ts";
import { PASSPHRASE, STACK } from "../test/conformance/run.ts";

/** Runs one operation of the offline engine, in a process that engine.bench.ts measures: `engine-once.ts up|preview|destroy PROJECT BACKEND PARALLEL`. */
const OPERATIONS = { up, preview, destroy };
const [operation = "", projectDir = "", backendDir = "", parallel] = process.argv.slice(2);
const { ok, failed } = await OPERATIONS[operation as keyof typeof OPERATIONS]({
  projectDir,
  stack: STACK,
  backendDir,
  passphrase: PASSPHRASE,
  parallel: Number(parallel),
});
if (!ok) throw new Error(JSON.stringify(failed.slice(0, 3)));
