import type { DiffResult, ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { immutableCauses } from "./api-error.ts";
import { applyObject } from "./apply.ts";
import { isAutonamed } from "./autonaming.ts";
import { judgeJob } from "./await/workloads.ts";
import { compareInputs, toDiffResult, withoutIgnored } from "./diff.ts";
import type { Change } from "./diff.ts";
import { pathOf } from "./discovery.ts";
import { leaveIgnored } from "./ignore-changes.ts";
import { immutableFields } from "./immutable-fields.ts";
import { isObject, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { annotation, apiVersionOf, hasUnknown, kindOf, parseId, toKubeObject } from "./kube-object.ts";
import { covers, parsePath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";
import { isForced, managerFor, placed } from "./session.ts";
import type { Session } from "./session.ts";
import { parseTypeToken } from "./tokens.ts";

export interface DiffQuestion {
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  newInputs: PropertyMap;
  ignoreChanges: string[];
}

const NO_CHANGE: DiffResult = { changes: false, replaces: [], deleteBeforeReplace: false, detailedDiff: {} };

/**
 * Compares what a program declared then and now. Where that differs, a dry run tells whether the API server would let the
 * object change in place; where it would not, or where a field is known to be immutable, the object is replaced.
 */
export async function planDiff(
  session: Session,
  context: ProviderContext,
  question: DiffQuestion,
): Promise<DiffResult> {
  const { id, oldInputs, newInputs, ignoreChanges } = question;
  if (session.unreachable !== undefined && session.config.skipUpdateUnreachable) return NO_CHANGE;
  const token = parseTypeToken(
    context.type,
    typeof newInputs["kind"] === "string" ? newInputs["kind"] : undefined,
  );
  const isNamespaced = await session.discovery.isNamespaced(token.apiVersion, token.kind);
  const settle = (inputs: PropertyMap): PropertyMap =>
    settled(inputs, isNamespaced ? session.namespace : undefined);
  const changes = withoutIgnored(compareInputs(settle(oldInputs), settle(newInputs)), ignoreChanges);
  const marked = oldInputs["immutable"] === true;
  let immutable = token.patch
    ? [parsePath("metadata.name"), parsePath("metadata.namespace")]
    : immutableFields(token.apiVersion, token.kind, marked, session.config);
  let result = toDiffResult(changes, immutable);
  if (changes.length > 0 && result.replaces.length === 0 && !token.patch) {
    immutable = await refusedInPlace(session, context, question, changes);
    result = toDiffResult(changes, immutable);
  }
  if (await isUnready(session, context, question)) {
    const path = 'metadata.annotations["pulumi.com/replaceUnready"]';
    result.changes = true;
    result.replaces.push(path);
    result.detailedDiff[path] ??= { kind: "update-replace", inputDiff: false };
  }
  const { name, namespace } = id === "" ? plannedId(session, oldInputs) : parseId(id); // planned only, so far
  const sameObject =
    textAt(newInputs as JsonObject, "metadata", "name") === name &&
    (namespace === undefined ||
      (textAt(newInputs as JsonObject, "metadata", "namespace") ?? session.namespace) === namespace);
  return {
    ...result,
    deleteBeforeReplace: result.replaces.length > 0 && sameObject && !isAutonamed(newInputs),
  };
}

function plannedId(
  session: Session,
  inputs: PropertyMap,
): { name: string | undefined; namespace: string | undefined } {
  const object = inputs as JsonObject;
  const namespace = textAt(object, "metadata", "namespace") ?? session.namespace;
  return { name: textAt(object, "metadata", "name"), namespace };
}

/** Inputs in one form: the namespace always given for a kind that has them, never for one that has not; our own keys left out. */
function settled(inputs: PropertyMap, defaultNamespace: string | undefined): PropertyMap {
  const own = Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
  if (!isObject(own["metadata"])) return own;
  const { namespace, ...metadata } = own["metadata"] as PropertyMap;
  if (defaultNamespace === undefined) return { ...own, metadata };
  return { ...own, metadata: { ...metadata, namespace: namespace ?? defaultNamespace } };
}

/** The changed fields that the API server refuses to change in place. */
async function refusedInPlace(
  session: Session,
  context: ProviderContext,
  { oldOutputs, newInputs, ignoreChanges }: DiffQuestion,
  changes: readonly Change[],
): Promise<PropertyPath[]> {
  if (session.connection === undefined || hasUnknown(newInputs)) return [];
  const { api } = session.connection;
  const declared = toKubeObject(newInputs);
  const kind = await session.discovery.find(apiVersionOf(declared), kindOf(declared));
  if (kind === undefined) return [];
  const object = placed(session, kind, declared);
  const manager = managerFor(context, object, oldOutputs);
  try {
    const { body: live } = await api.request("GET", pathOf(kind, object), { signal: context.signal });
    const wanted = leaveIgnored(object, live, ignoreChanges, manager);
    await applyObject(api, kind, wanted, {
      manager,
      force: isForced(session, object),
      dryRun: true,
      signal: context.signal,
    });
    return [];
  } catch (error) {
    const fields = immutableCauses(error);
    if (fields === undefined) return []; // any other refusal is the update's to report
    const paths = fields.flatMap(readable);
    const touched = changes.filter(({ path }) =>
      paths.some((field) => covers(field, path) || covers(path, field)),
    );
    return (touched.length > 0 ? touched : changes).map((change) => change.path);
  }
}

function readable(field: string): PropertyPath[] {
  try {
    return [parsePath(field)];
  } catch {
    return [];
  }
}

async function isUnready(
  session: Session,
  context: ProviderContext,
  { newInputs, id }: DiffQuestion,
): Promise<boolean> {
  if (annotation(newInputs, "pulumi.com/replaceUnready") !== "true") return false;
  if (newInputs["kind"] !== "Job") {
    context.log("warning", "pulumi.com/replaceUnready works on Jobs only; it is ignored here");
    return false;
  }
  const { namespace, name } = parseId(id);
  const job = await session.connection?.reader.get("batch/v1", "Job", namespace, name);
  return job !== undefined && judgeJob(job).state !== "ready";
}
