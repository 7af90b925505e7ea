import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { ApiError } from "./api-error.ts";
import { relinquish } from "./apply.ts";
import { deploy, dryRun, readable, readLive } from "./deploy.ts";
import { leaveIgnored } from "./ignore-changes.ts";
import { describe, hasUnknown, toKubeObject, apiVersionOf, kindOf } from "./kube-object.ts";
import { outputsOf, plannedOutputs } from "./outputs.ts";
import { connected, kindFor, managerFor, placed } from "./session.ts";
import type { Session } from "./session.ts";

/** Applies new inputs over an object and waits until it is ready. One that somebody deleted meanwhile is made again. */
export async function updateObject(
  session: Session,
  context: ProviderContext,
  oldOutputs: PropertyMap,
  inputs: PropertyMap,
  ignoreChanges: string[],
): Promise<PropertyMap> {
  const declared = toKubeObject(inputs);
  const kind = await kindFor(session, declared, context.signal);
  const object = placed(session, kind, declared);
  const manager = managerFor(context, object, oldOutputs);
  const live = await readLive(session, kind, object, context.signal);
  if (live === undefined)
    context.log("warning", `${describe(object)}: it was deleted outside this program; it is made again`);
  const wanted = live === undefined ? object : leaveIgnored(object, live, ignoreChanges, manager);
  const { outputs } = await deploy(session, context, { kind, object: wanted, inputs: declared, manager });
  const before = oldOutputs["__fieldManager"];
  if (typeof before === "string" && before !== manager)
    await relinquish(connected(session).api, kind, object, before, context.signal);
  return outputs;
}

/** What an update would give: the server's dry run where everything is known, else the inputs. Throws what the server would refuse. */
export async function previewUpdate(
  session: Session,
  context: ProviderContext,
  oldOutputs: PropertyMap,
  inputs: PropertyMap,
  ignoreChanges: string[],
): Promise<PropertyMap> {
  if (session.connection === undefined || hasUnknown(inputs)) return plannedOutputs(inputs);
  const declared = toKubeObject(inputs);
  const kind = await session.discovery.find(apiVersionOf(declared), kindOf(declared));
  if (kind === undefined) return plannedOutputs(inputs);
  const object = placed(session, kind, declared);
  const manager = managerFor(context, object, oldOutputs);
  const live = await readLive(session, kind, object, context.signal);
  const wanted = live === undefined ? object : leaveIgnored(object, live, ignoreChanges, manager);
  try {
    const planned = await dryRun(session, context, { kind, object: wanted, inputs: declared, manager });
    return outputsOf(planned, declared, manager);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404))
      return plannedOutputs(inputs);
    throw readable(error, object);
  }
}
