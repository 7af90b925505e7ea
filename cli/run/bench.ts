import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../operations/root.ts";
import { runCommand } from "../../local/run-command.ts";

/** Runs every measurement in bench/, one after another. */
export async function bench(root = ROOT): Promise<void> {
  const files = (await readdir(join(root, "bench"))).filter((name) => name.endsWith(".bench.ts")).sort();
  for (const file of files) {
    console.log(`▸ ${file}`);
    await runCommand(process.execPath, ["--import", "tsx", join(root, "bench", file)], {
      cwd: root,
      onLine: (line) => console.log(line),
    });
  }
}
