import { join } from "node:path";
import { hasSecrets } from "../../local/engine/project/stack-config.ts";
import { formatProblem } from "../../stacks/config/config-problem.ts";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { NotRegularFile, readStackText } from "../../stacks/config/read-stack-text.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { stacksOf } from "../../stacks/config/stacks-of.ts";
import { WrongRequest } from "../wrong-request.ts";

/** The content of a `Pulumi.<stack>.yaml`. */
export interface StackFile {
  stack: string;
  /** Name of the file, for messages. */
  file: string;
  path: string;
  text: string;
  /** Config as written: key with namespace → value; secrets are `{ secure: … }`. */
  config: Readonly<Record<string, unknown>>;
  hasSecrets: boolean;
}

/** Reads the file of a stack. Throws a WrongRequest where there is none or it is no regular file, and an Error where it is no stack file. */
export async function loadStackFile(root: string, stack: string): Promise<StackFile> {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  const text = await readStackText(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error instanceof NotRegularFile) throw new WrongRequest(error.message);
    if (error.code !== "ENOENT" && error.code !== "ENAMETOOLONG")
      throw new Error(`${path}: cannot be read: ${error.message}`);
    const stacks = await stacksOf(root);
    throw new WrongRequest(
      `--stack ${stack}: there is no ${file}${didYouMean(stack, stacks)} (stacks: ${stacks.join(", ") || "none"})`,
    );
  });
  return toStackFile({ stack, file, path, text });
}

/** Parses the text of a stack's file. Throws where it is not a stack file. */
export function toStackFile(named: Pick<StackFile, "stack" | "file" | "path" | "text">): StackFile {
  const { faults, values } = readStackFile(named.text, PROJECT);
  const [fault] = faults;
  if (fault !== undefined) throw new Error(formatProblem(fault, named.file));
  const config = Object.fromEntries(values);
  return { ...named, config, hasSecrets: hasSecrets(config) };
}
