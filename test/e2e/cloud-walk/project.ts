import { cp, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mkdir } from "node:fs/promises";
import { parseDocument } from "yaml";
import { runCommand } from "../../../local/run-command.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;

/** Copies the checkout, for a user who edits its files: the walk changes no file of the checkout itself. Returns the folder. */
export async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cloud-walk-project-"));
  const files = await runCommand("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
  });
  for (const file of files.split("\0").filter((name) => name !== "" && !name.startsWith("docs/"))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // deleted in the working tree
    });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Changes values of a stack's file, as a person does in an editor. `undefined` removes a key. */
export async function editStack(
  project: string,
  stack: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = join(project, `Pulumi.${stack}.yaml`);
  const document = parseDocument(await readFile(path, "utf8"));
  for (const [key, value] of Object.entries(changes)) {
    const [first = "", ...rest] = key.split(".");
    const keys = ["config", `slipway:${first}`, ...rest];
    if (value === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  await writeFile(path, document.toString());
}
