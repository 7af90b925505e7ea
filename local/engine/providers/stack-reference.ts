import { crypterFor, decryptDeployment, readDeployment, stackPaths } from "../state/backend.ts";
import type { Provider } from "../provider.ts";
import { UNKNOWN, type PropertyMap } from "../values/property-value.ts";
import { containsSecret } from "../values/values.ts";

const TYPE = "pulumi:pulumi:StackReference";

export interface StackReferenceOptions {
  backendDir: string;
  /** Project of names without one. */
  project: string;
  passphrase: string;
  /** Called for a stack that is not there, whose outputs are then unknown. @default - it is an error */
  onAbsent?: ((name: string) => void) | undefined;
}

/** Reads the outputs of another stack in the same backend. Both stacks must have the same passphrase. */
export function stackReferenceProvider(options: StackReferenceOptions): Provider {
  const refuse = (): never => {
    throw new Error(`${TYPE}: can only be read`);
  };
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async () => ({ changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} }),
    create: async () => refuse(),
    read: async ({ type }, id, inputs = {}) => {
      if (type !== TYPE) throw new Error(`${type}: the offline engine cannot read it`);
      const outputs = await outputsOf(id, options);
      if (outputs === undefined) {
        if (options.onAbsent === undefined)
          throw new Error(`stack reference ${id}: no such stack in this backend; bring it up first`);
        options.onAbsent(id);
        return { id, inputs, outputs: { name: id, outputs: UNKNOWN, secretOutputNames: [] } };
      }
      const secretOutputNames = Object.keys(outputs).filter((key) => containsSecret(outputs[key]));
      return { id, inputs, outputs: { name: id, outputs, secretOutputNames } };
    },
    update: async () => refuse(),
    delete: async () => undefined,
    close: async () => undefined,
  };
}

/** Returns the outputs of a stack; undefined if the backend has no such stack. */
async function outputsOf(
  name: string,
  { backendDir, project: ownProject, passphrase }: StackReferenceOptions,
): Promise<PropertyMap | undefined> {
  const parts = name.split("/");
  const stack = parts.at(-1) ?? "";
  const project = parts.length > 1 ? (parts.at(-2) ?? "") : ownProject;
  if (parts.length > 3 || (parts.length === 3 && parts[0] !== "organization")) {
    throw new Error(`stack reference ${name}: must be organization/PROJECT/STACK, PROJECT/STACK or STACK`);
  }
  const deployment = await readDeployment(stackPaths(backendDir, project, stack).stateFile);
  if (!deployment) return undefined;
  const { resources } = decryptDeployment(deployment, await crypterFor(deployment, passphrase));
  return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}
