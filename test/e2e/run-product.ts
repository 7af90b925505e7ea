import { spawn } from "node:child_process";

/** Runs a command of the product, as `npm run` does, and shows its output. Returns what it printed and how it ended. */
export async function runProduct(
  args: readonly string[],
  { cwd, env = process.env }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["cli/bootstrap.mjs", ...args], { cwd, env });
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      process.stdout.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
