import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { removesItself } from "./await/self-removal.ts";
import { readLive } from "./deploy.ts";
import { importedInputs, liveInputs } from "./live-inputs.ts";
import { describe, parseId, toKubeObject, withDashedKeys, withNamespace } from "./kube-object.ts";
import { outputsOf } from "./outputs.ts";
import { inDeclaredForm, withDataOnly, withSecretData } from "./secret-data.ts";
import { managerFor } from "./session.ts";
import type { Session } from "./session.ts";
import { parseTypeToken } from "./tokens.ts";

/**
 * Reads an object from the cluster. Its inputs are the live values of the declared fields; without inputs (an import) they
 * are all fields that are not the server's own. Returns undefined if the object or its kind is gone.
 */
export async function readObject(
  session: Session,
  context: ProviderContext,
  id: string,
  inputs: PropertyMap | undefined,
  outputs: PropertyMap | undefined,
): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined> {
  if (session.unreachable !== undefined) {
    context.log("warning", session.unreachable);
    if (session.config.deleteUnreachable) return undefined;
    if (session.config.skipUpdateUnreachable) return { id, inputs: inputs ?? {}, outputs: outputs ?? {} };
  }
  const { apiVersion, kind: kindName } = parseTypeToken(
    context.type,
    typeof inputs?.["kind"] === "string" ? inputs["kind"] : undefined,
  );
  const { namespace, name } = parseId(id);
  if (name === "")
    throw new Error(
      `cannot read ${context.type} ${JSON.stringify(id)}: its id must be NAME or NAMESPACE/NAME`,
    );
  const kind = await session.discovery.find(apiVersion, kindName);
  if (kind === undefined) return undefined;
  const bare = withNamespace(
    { apiVersion, kind: kindName, metadata: { name } },
    kind.namespaced ? (namespace ?? session.namespace) : undefined,
  );
  const live = await readLive(session, kind, bare, context.signal);
  const isImport = inputs === undefined || Object.keys(inputs).length === 0;
  const declared = isImport ? undefined : toKubeObject(withDataOnly(inputs));
  if (
    live === undefined &&
    declared !== undefined &&
    outputs !== undefined &&
    removesItself(declared, outputs)
  ) {
    context.log(
      "info",
      `${describe(declared)}: it finished and removed itself (ttlSecondsAfterFinished), and is not run again`,
    );
    return { id, inputs: inputs ?? {}, outputs };
  }
  if (live === undefined) return undefined;
  const now = declared === undefined ? importedInputs(live) : liveInputs(live, declared);
  const manager = managerFor(context, now, outputs);
  return {
    id,
    inputs: withSecretData(inDeclaredForm(now, withDashedKeys(inputs ?? {}))),
    outputs: outputsOf(live, now, manager),
  };
}
