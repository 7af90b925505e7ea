import { dirname } from "node:path";
import {
  fileValues,
  readFoundationFile,
  type ReadFoundationFile,
} from "../../stacks/config/foundation-file.ts";
import { FOUNDATION_KEYS } from "../../stacks/config/layer.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { NotRegularFile } from "../../stacks/config/read-stack-text.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { WrongRequest } from "../wrong-request.ts";
import type { StackFile } from "./load-stack-file.ts";

/** Reads the file of the foundation that a stack stands on. Returns undefined if it stands on none. Throws a WrongRequest if it is no regular file. */
export async function foundationOf({
  path,
  text,
}: Pick<StackFile, "path" | "text">): Promise<ReadFoundationFile | undefined> {
  return readFoundationFile(dirname(path), fileValues(readStackFile(text, PROJECT))).catch(
    (error: unknown) => {
      throw error instanceof NotRegularFile ? new WrongRequest(error.message) : error;
    },
  );
}

/** Returns the config of a stack, with the cluster, the cloud, the registry and the images of its foundation if it stands on one. */
export async function configWithFoundation(
  file: Pick<StackFile, "path" | "text" | "config">,
): Promise<StackFile["config"]> {
  const foundation = await foundationOf(file);
  const shared = Object.entries(foundation?.values ?? {})
    .filter(([key]) => FOUNDATION_KEYS.includes(key))
    .map(([key, value]) => [`${PROJECT}:${key}`, value] as const);
  return { ...file.config, ...Object.fromEntries(shared) };
}
