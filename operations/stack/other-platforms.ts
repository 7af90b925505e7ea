import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ConfigProblem } from "../../stacks/config/config-problem.ts";
import { fileValues, stackFileName } from "../../stacks/config/foundation-file.ts";
import { layerOf } from "../../stacks/config/layer.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { stacksOf } from "../../stacks/config/stacks-of.ts";
import type { StackFile } from "./load-stack-file.ts";

/**
 * Returns a problem if the file of another stack names the same foundation: each of the two platforms would deploy the same namespaces and
 * repositories, and destroy those of the other.
 */
export async function otherPlatforms({
  file,
  path,
  text,
}: Pick<StackFile, "file" | "path" | "text">): Promise<ConfigProblem[]> {
  const own = readStackFile(text, PROJECT);
  const foundation = foundationName(own);
  if (foundation === undefined) return [];
  const others: string[] = [];
  for (const name of (await stacksOf(dirname(path))).map(stackFileName)) {
    if (name === file) continue;
    const other = await readFile(join(dirname(path), name), "utf8").catch(() => "");
    if (foundationName(readStackFile(other, PROJECT)) === foundation) others.push(name);
  }
  if (others.length === 0) return [];
  return [
    {
      line: own.lineOf([`${PROJECT}:cluster`, "stack"]),
      path: `${PROJECT}:cluster.stack`,
      message: `must be a foundation without another platform, got ${foundation}, which ${others.join(" and ")} names too; both would own the same namespaces and repositories`,
      fix: `make a foundation for each platform, or remove one of the files`,
    },
  ];
}

function foundationName(file: ReturnType<typeof readStackFile>): string | undefined {
  const layer = layerOf(fileValues(file));
  return layer.kind === "platform" ? layer.foundation : undefined;
}
