import { describeError } from "../runtime/errors.ts";
import type { ConfigProblem } from "../stacks/config/config-problem.ts";
import { toProblem } from "../stacks/config/parse-config.ts";
import { PROJECT } from "../stacks/config/project-name.ts";
import { readStackFile } from "../stacks/config/stack-file.ts";
import { connectRegistry, type RegistryAddress } from "./connect-registry.ts";
import { checkPinnedModels, pinnedModels, type PinnedModel } from "./pinned-models.ts";
import type { StackFile } from "./stack/load-stack-file.ts";

/** A registry answers sooner, or this machine cannot reach it. */
const TIMEOUT_MS = 5000;

export interface PinCheck {
  /** One problem, with its line, for each pinned version that is missing, mixed up, or refused by its gate. */
  wrong: ConfigProblem[];
  /** One sentence for each pinned version that is accepted although its gate refuses it, or too old to be checked. */
  notices: string[];
  /** Why the versions are not checked. @default - they are */
  warning?: string | undefined;
}

/** Checks every version that a stack's file pins in the stack's registry. */
export async function checkStackPins(
  { config, file: name, text }: Pick<StackFile, "config" | "file" | "text">,
  registry: RegistryAddress,
  env: NodeJS.ProcessEnv,
  pins: readonly PinnedModel[] = pinnedModels({ config }),
): Promise<PinCheck> {
  if (pins.length === 0) return { wrong: [], notices: [] };
  const client = await connectRegistry({ ...registry, retries: 0, timeoutMs: TIMEOUT_MS }, env).catch(
    describeError,
  );
  // Without a login, such as in a workflow that has no credentials of the cloud, nothing can be looked up.
  if (typeof client === "string")
    return { wrong: [], notices: [], warning: `the pinned digests are not checked: ${client}` };
  const { wrong, notices, warning } = await checkPinnedModels(pins, client);
  const source = { name, file: readStackFile(text, PROJECT) };
  return { wrong: wrong.map((fault) => toProblem(fault, source)), notices, warning };
}
