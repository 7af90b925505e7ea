import { join } from "node:path";
import { fileValues, stackFileName } from "../../stacks/config/foundation-file.ts";
import { layerOf } from "../../stacks/config/layer.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackText } from "../../stacks/config/read-stack-text.ts";
import { readStackFile, type StackFile } from "../../stacks/config/stack-file.ts";
import { stacksOf } from "../../stacks/config/stacks-of.ts";

/** Returns the stacks in a folder whose files name a foundation, sorted. */
export async function platformsOn(root: string, foundation: string): Promise<string[]> {
  const platforms: string[] = [];
  for (const stack of await stacksOf(root)) {
    const text = await readStackText(join(root, stackFileName(stack))).catch(() => "");
    if (foundationName(readStackFile(text, PROJECT)) === foundation) platforms.push(stack);
  }
  return platforms;
}

/** Returns the name of the foundation in a stack's file. Returns undefined if it names none. */
export function foundationName(file: StackFile): string | undefined {
  const layer = layerOf(fileValues(file));
  return layer.kind === "platform" ? layer.foundation : undefined;
}
