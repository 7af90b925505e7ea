import { dirname } from "node:path";
import type { ConfigProblem } from "../../stacks/config/config-problem.ts";
import { stackFileName } from "../../stacks/config/foundation-file.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import type { StackFile } from "./load-stack-file.ts";
import { foundationName, platformsOn } from "./platforms-on.ts";

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
  const others = (await platformsOn(dirname(path), foundation))
    .map(stackFileName)
    .filter((name) => name !== file);
  if (others.length === 0) return [];
  return [
    {
      line: own.lineOf([`${PROJECT}:cluster`, "stack"]),
      path: `${PROJECT}:cluster.stack`,
      message: `must be a foundation without another platform, got ${foundation}, which ${others.join(" and ")} names too; both would own the same namespaces and repositories`,
      fix: "make a foundation for each platform, or remove one of the files",
    },
  ];
}
