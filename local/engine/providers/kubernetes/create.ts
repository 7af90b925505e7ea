import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { ApiError, immutableCauses, isMissingNamespace, refusesDryRuns } from "./api-error.ts";
import { waitUntilGone } from "./await/wait-until-gone.ts";
import { deploy, dryRun, readLive } from "./deploy.ts";
import type { Target } from "./deploy.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { apiVersionOf, describe, hasUnknown, kindOf, toKubeObject } from "./kube-object.ts";
import { fieldManagers, isAppliedBy } from "./managed-fields.ts";
import { plannedOutputs } from "./outputs.ts";
import { withDataOnly } from "./secret-data.ts";
import { kindFor, managerFor, inAllowedNamespace } from "./session.ts";
import type { Session } from "./session.ts";
import { parseTypeToken } from "./tokens.ts";

/** How long a creation waits for an object of the same name that is being deleted, in seconds. */
const TERMINATING_SECONDS = 300;

/**
 * Creates an object and waits until it is ready. Continues with an existing object if this resource applied it in a run that was
 * killed before it could record that; throws if another owner created it.
 */
export async function createObject(
  session: Session,
  context: ProviderContext,
  inputs: PropertyMap,
): Promise<{ id: string; outputs: PropertyMap }> {
  const { patch } = parseTypeToken(
    context.type,
    typeof inputs["kind"] === "string" ? inputs["kind"] : undefined,
  );
  const declared = toKubeObject(withDataOnly(inputs));
  const kind = await kindFor(session, declared, context.signal);
  const object = inAllowedNamespace(session, kind, declared);
  const target: Target = { kind, object, inputs: declared, manager: managerFor(context, object) };
  const existing = await readLive(session, kind, object, context.signal);
  if (existing !== undefined && textAt(existing, "metadata", "deletionTimestamp") !== undefined)
    await waitUntilGone({
      uid: textAt(existing, "metadata", "uid"),
      timeoutSeconds: context.timeoutSeconds ?? TERMINATING_SECONDS,
      look: () => readLive(session, kind, object),
      context,
    });
  else if (existing !== undefined && !patch) refuseForeign(session, existing, object, target.manager);
  return deploy(session, context, target);
}

/** Returns what a creation would give: the server's dry run where there is a server, the kind exists and everything is known; else the inputs. */
export async function previewCreate(
  session: Session,
  context: ProviderContext,
  inputs: PropertyMap,
): Promise<PropertyMap> {
  const { patch } = parseTypeToken(
    context.type,
    typeof inputs["kind"] === "string" ? inputs["kind"] : undefined,
  );
  if (patch || session.connection === undefined || hasUnknown(inputs)) return plannedOutputs(inputs);
  const declared = toKubeObject(withDataOnly(inputs));
  const kind = await session.discovery.find(apiVersionOf(declared), kindOf(declared));
  if (kind === undefined) return plannedOutputs(inputs);
  const object = inAllowedNamespace(session, kind, declared);
  const manager = managerFor(context, object);
  const existing = await readLive(session, kind, object, context.signal);
  const isLeaving = existing !== undefined && textAt(existing, "metadata", "deletionTimestamp") !== undefined;
  if (existing !== undefined && !isLeaving) {
    refuseForeign(session, existing, object, manager);
    return plannedOutputs(inputs); // this resource made the existing object: a dry run would compare the object with itself
  }
  try {
    return plannedOutputs(
      inputs,
      await dryRun(session, context, { kind, object, inputs: declared, manager }),
    );
  } catch (error) {
    if (isPreviewOnly(error)) return plannedOutputs(inputs);
    throw explainRefusal(error, object);
  }
}

/** True for a refusal that only a preview meets, because the run itself first creates the missing object. */
function isPreviewOnly(error: unknown): boolean {
  if (isMissingNamespace(error) || immutableCauses(error) !== undefined) return true;
  return refusesDryRuns(error) || (error instanceof ApiError && error.status === 403);
}

/** Throws if others created the object. As in pulumi-kubernetes, `pulumi.com/patchForce` does not allow to take it over. */
function refuseForeign(session: Session, existing: JsonObject, object: JsonObject, manager: string): void {
  if (isAppliedBy(existing, manager) || session.config.upsertExistingObjects) return;
  const owners = fieldManagers(existing).join(", ") || "nobody known";
  throw new Error(
    `${describe(object)}: resource already exists and was not created by this resource (its fields belong to ${owners}); ` +
      "choose another name, delete it, or let the provider take over what exists with upsertExistingObjects: true",
  );
}
