import { setTimeout as sleep } from "node:timers/promises";
import { PartialFailure } from "../../provider.ts";
import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { isNotFound, isPassing } from "./api-error.ts";
import { applyObject } from "./apply.ts";
import { readinessOf, timeoutOf } from "./await/readiness.ts";
import { waitUntilReady } from "./await/wait-until.ts";
import { pathOf } from "./discovery.ts";
import type { ResourceKind } from "./discovery.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { describeTaken, FieldConflict, isController } from "./field-conflict.ts";
import type { JsonObject } from "./json-object.ts";
import { describe, idOf } from "./kube-object.ts";
import { outputsOf } from "./outputs.ts";
import { connected, isForced } from "./session.ts";
import type { Session } from "./session.ts";

/** Time, in milliseconds, in which a refused apply is repeated while the server prepares a namespace or a service account. */
const PASSING_MS = 20_000;

export interface Target {
  kind: ResourceKind;
  /** What is applied. */
  object: JsonObject;
  /** What the program declared, kept in the state. */
  inputs: JsonObject;
  manager: string;
}

/** Reads an object as it is on the cluster; undefined if it is not there. */
export async function readLive(
  session: Session,
  kind: ResourceKind,
  object: JsonObject,
  signal?: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return (await connected(session).api.request("GET", pathOf(kind, object), { signal })).body;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Asks the server what it would make of an object. Changes nothing. */
export async function dryRun(
  session: Session,
  context: ProviderContext,
  target: Target,
): Promise<JsonObject> {
  return applyOnce(session, context, target, true);
}

/**
 * Applies an object and waits until it is ready. Throws PartialFailure, with the live state, if it was applied and does
 * not get ready; any other error means that nothing was changed.
 */
export async function deploy(
  session: Session,
  context: ProviderContext,
  target: Target,
): Promise<{ id: string; outputs: PropertyMap }> {
  const { reader } = connected(session);
  const applied = await applyWithPatience(session, context, target);
  const id = idOf(applied);
  const readiness = readinessOf(target.object, session.awaitAll);
  let live = applied;
  let reasons: string[] = [];
  if (readiness !== undefined) {
    const timeoutSeconds = timeoutOf(target.object, context.timeoutSeconds, readiness.timeoutSeconds);
    const look = (): Promise<JsonObject | undefined> => readLive(session, target.kind, applied);
    try {
      ({ live, reasons } = await waitUntilReady(applied, {
        ...readiness,
        timeoutSeconds,
        look,
        reader,
        context,
      }));
    } catch (error) {
      reasons = [
        `${describe(applied)}: cannot tell whether it is ready: ${error instanceof Error ? error.message : String(error)}`,
      ];
    }
  }
  const outputs = outputsOf(live, target.inputs, target.manager);
  if (reasons.length > 0) throw new PartialFailure(id, outputs, reasons);
  return { id, outputs };
}

async function applyWithPatience(
  session: Session,
  context: ProviderContext,
  target: Target,
): Promise<JsonObject> {
  const deadline = Date.now() + PASSING_MS;
  for (;;) {
    try {
      return await applyOnce(session, context, target, false);
    } catch (error) {
      if (!isPassing(error) || Date.now() >= deadline || context.signal.aborted)
        throw explainRefusal(error, target.object);
      context.status(`waiting: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(500, undefined, { signal: context.signal });
    }
  }
}

/** Applies an object once. With `takeBack`, takes back the fields of this object that people changed by hand. */
async function applyOnce(
  session: Session,
  context: ProviderContext,
  target: Target,
  isDryRun: boolean,
): Promise<JsonObject> {
  const { kind, object, manager } = target;
  const { api } = connected(session);
  const options = { manager, dryRun: isDryRun, signal: context.signal };
  const apply = async (force: boolean): Promise<JsonObject> => {
    const { live, warnings } = await applyObject(api, kind, object, { ...options, force });
    for (const warning of warnings) context.log("warning", `${describe(object)}: ${warning}`);
    return live;
  };
  try {
    return await apply(isForced(session, object));
  } catch (error) {
    if (!(error instanceof FieldConflict) || !session.takeBack) throw error;
    if (error.conflicts.some((conflict) => isController(conflict.manager))) throw error;
    const before = await readLive(session, kind, object, context.signal);
    const live = await apply(true);
    for (const conflict of error.conflicts)
      context.log(
        "info",
        isDryRun
          ? `takes back ${describeTaken(conflict, before, "is")}`
          : `took back ${describeTaken(conflict, before, "was")}`,
      );
    return live;
  }
}
