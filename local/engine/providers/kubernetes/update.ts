import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { ApiError, refusesDryRuns } from "./api-error.ts";
import { applyObject, relinquish } from "./apply.ts";
import { deploy, dryRun, readLive } from "./deploy.ts";
import type { ResourceKind } from "./discovery.ts";
import { explainRefusal, isRefusedGrowth } from "./explain-refusal.ts";
import { leaveIgnored } from "./ignore-changes.ts";
import type { JsonObject } from "./json-object.ts";
import { apiVersionOf, describe, hasUnknown, isSecret, kindOf, toKubeObject } from "./kube-object.ts";
import { ownershipOfLeftovers } from "./leftovers.ts";
import { liveInputs } from "./live-inputs.ts";
import { outputsOf, plannedOutputs } from "./outputs.ts";
import { withDataOnly, withDataPaths } from "./secret-data.ts";
import { connected, kindFor, managerFor, inAllowedNamespace } from "./session.ts";
import type { Session } from "./session.ts";

export interface UpdateQuestion {
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
  ignoreChanges: string[];
}

interface Update {
  declared: JsonObject;
  /** The object in its namespace. */
  object: JsonObject;
  /** The object without what is ignored. */
  wanted: JsonObject;
  manager: string;
  live: JsonObject | undefined;
  /** The object to apply first, if there has to be one. */
  leftovers: JsonObject | undefined;
}

/** Applies new inputs to an object and waits until it is ready. Makes the object again if somebody deleted it. */
export async function updateObject(
  session: Session,
  context: ProviderContext,
  question: UpdateQuestion,
): Promise<PropertyMap> {
  const kind = await kindFor(session, toKubeObject(question.newInputs), context.signal);
  const { declared, object, wanted, manager, live, leftovers } = await prepare(
    session,
    context,
    kind,
    question,
  );
  const { api } = connected(session);
  if (live === undefined)
    context.log("warning", `${describe(object)}: it was deleted outside this program and is created again`);
  if (leftovers !== undefined)
    await applyObject(api, kind, leftovers, { manager, force: false, dryRun: false, signal: context.signal });
  const { outputs } = await deploy(session, context, { kind, object: wanted, inputs: declared, manager });
  const before = question.oldOutputs["__fieldManager"];
  if (typeof before === "string" && before !== manager)
    await relinquish(api, kind, object, before, context.signal);
  return outputs;
}

/** Returns what an update would give: the server's dry run where everything is known, else the inputs. Throws where the server would refuse it. */
export async function previewUpdate(
  session: Session,
  context: ProviderContext,
  question: UpdateQuestion,
): Promise<PropertyMap> {
  const { newInputs } = question;
  if (session.connection === undefined || hasUnknown(newInputs)) return plannedOutputs(newInputs);
  const given = toKubeObject(newInputs);
  const kind = await session.discovery.find(apiVersionOf(given), kindOf(given));
  if (kind === undefined) return plannedOutputs(newInputs);
  const { declared, object, wanted, manager, leftovers } = await prepare(session, context, kind, question);
  if (leftovers !== undefined) return plannedOutputs(newInputs); // a dry run cannot be made of two steps
  try {
    const planned = await dryRun(session, context, { kind, object: wanted, inputs: declared, manager });
    return outputsOf(planned, declared, manager);
  } catch (error) {
    if (refusesDryRuns(error)) {
      context.log("info", `${(error as Error).message}: the preview shows what the program declares`);
      return plannedOutputs(newInputs);
    }
    const isMissing = error instanceof ApiError && (error.status === 403 || error.status === 404);
    if (isMissing && !isRefusedGrowth(error)) return plannedOutputs(newInputs); // the run itself may create what is missing
    throw explainRefusal(error, object);
  }
}

async function prepare(
  session: Session,
  context: ProviderContext,
  kind: ResourceKind,
  { oldInputs, oldOutputs, newInputs, ignoreChanges }: UpdateQuestion,
): Promise<Update> {
  const declared = toKubeObject(withDataOnly(newInputs));
  const object = inAllowedNamespace(session, kind, declared);
  const manager = managerFor(context, object, oldOutputs);
  const live = await readLive(session, kind, object, context.signal);
  const ignored = withDataPaths(kind.kind, ignoreChanges);
  const wanted = live === undefined ? object : leaveIgnored(object, live, ignored, manager);
  const leftovers = live === undefined ? undefined : leftoversOf(session, kind, live, oldInputs, wanted);
  return { declared, object, wanted, manager, live, leftovers };
}

function leftoversOf(
  session: Session,
  kind: ResourceKind,
  live: JsonObject,
  oldInputs: PropertyMap,
  wanted: JsonObject,
): JsonObject | undefined {
  if (hasUnknown(oldInputs)) return undefined;
  const before = inAllowedNamespace(session, kind, toKubeObject(withDataOnly(oldInputs)));
  // What an earlier version applied as `stringData` has no owner either.
  if (isSecret(oldInputs) && oldInputs["stringData"] !== undefined) return liveInputs(live, before);
  return ownershipOfLeftovers(live, before, wanted);
}
