import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Progress } from "../../../local/progress.ts";
import { goTool } from "../../../local/tools/go-tool.ts";

/**
 * The environment of the real pulumi CLI with its real Kubernetes provider, both built from their Go modules, and with our
 * own small plugins for Node and for random values. `folder` gets the links to them.
 */
export async function realPulumi(progress: Progress, folder: string): Promise<NodeJS.ProcessEnv> {
  const { bin: cli } = await goTool(progress, "pulumi");
  const { bin: kubernetes } = await goTool(progress, "pulumi-kubernetes");
  await mkdir(folder, { recursive: true });
  await symlink(path.join(cli, "pulumi"), path.join(folder, "pulumi"));
  await symlink(
    path.join(kubernetes, "pulumi-resource-kubernetes"),
    path.join(folder, "pulumi-resource-kubernetes"),
  );
  await plugin(folder, "pulumi-language-nodejs", "language-host.ts");
  await plugin(folder, "pulumi-resource-random", "random-provider.ts");
  return {
    ...process.env,
    PATH: `${folder}:${process.env["PATH"] ?? ""}`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_COMMANDS: "true", // for --event-log
    PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
  };
}

async function plugin(folder: string, name: string, source: string): Promise<void> {
  const loader = createRequire(import.meta.url).resolve("tsx");
  const file = path.join(folder, name);
  const program = path.join(import.meta.dirname, source);
  await writeFile(
    file,
    `#!/bin/sh\nexec '${process.execPath}' --import 'file://${loader}' '${program}' "$@"\n`,
  );
  await chmod(file, 0o755);
}
