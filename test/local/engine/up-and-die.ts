import path from "node:path";
import { lineDisplay } from "../../../local/engine/display/line-display.ts";
import { up } from "../../../local/engine/engine.ts";
import { World } from "./world.ts";

/** Brings a test program up in this process, and kills it with SIGKILL after so many durable moments. */
const [program = "", backendDir = "", moments = "0"] = process.argv.slice(2);
let left = Number(moments);

function moment(): void {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
}

const world = new World(path.join(backendDir, "world.json"), { onChange: moment });
const summary = await up({
  projectDir: path.join(import.meta.dirname, "programs", program),
  stack: "dev",
  backendDir,
  passphrase: "correct horse",
  config: { password: "hunter2" },
  providers: (name) => (name === "world" ? world.provider() : undefined),
  display: lineDisplay({ write: (line) => process.stdout.write(`${line}\n`) }),
  onWrite: moment,
});
process.exitCode = summary.ok ? 0 : 1;
