import type { DiffResult, ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { isAutonamed } from "./autonaming.ts";
import { judgeJob } from "./await/workloads.ts";
import { compareInputs, toDiffResult, withoutEmptyLists, withoutIgnored } from "./diff.ts";
import { immutableFields } from "./immutable-fields.ts";
import { isObject, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { annotation, parseId } from "./kube-object.ts";
import { parsePath } from "./property-path.ts";
import { withDataOnly, withDataPaths } from "./secret-data.ts";
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
 * Compares what a program declared then and now. Only a field for which pulumi-kubernetes replaces an object makes a
 * replacement. If the API server refuses another change in place, the update fails, and its preview too.
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
  const ignored = withDataPaths(token.kind, ignoreChanges);
  const compared = withoutEmptyLists(compareInputs(settle(oldInputs), settle(newInputs)), token.apiVersion);
  const changes = withoutIgnored(compared, ignored);
  const marked = oldInputs["immutable"] === true;
  const immutable = token.patch
    ? [parsePath("metadata.name"), parsePath("metadata.namespace")]
    : immutableFields(token.apiVersion, token.kind, marked, session.config);
  const result = toDiffResult(changes, immutable);
  if (result.replaces.length > 0 && token.kind === "CustomResourceDefinition" && !token.patch)
    throw new Error(definitionIsKept(oldInputs, newInputs));
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

/** Says why the definition is not replaced: its deletion would delete every object of its kind. */
function definitionIsKept(oldInputs: PropertyMap, newInputs: PropertyMap): string {
  const [before, after] = [oldInputs, newInputs].map(
    (inputs) => textAt(inputs as JsonObject, "metadata", "name") ?? "a name that is not known yet",
  );
  return (
    `CustomResourceDefinition ${before ?? ""}: metadata.name must stay the same, got ${after ?? ""}: a replacement would delete ` +
    "every object of the kind; declare the new definition as another resource, move the objects, then remove this one"
  );
}

/**
 * Returns inputs in one form: the namespace always given for a kind that has them, never for one that has not, the data of
 * a Secret in `data`, our own keys left out.
 */
function settled(inputs: PropertyMap, defaultNamespace: string | undefined): PropertyMap {
  const own = withDataOnly(
    Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))),
  );
  if (!isObject(own["metadata"])) return own;
  const { namespace, ...metadata } = own["metadata"] as PropertyMap;
  if (defaultNamespace === undefined) return { ...own, metadata };
  return { ...own, metadata: { ...metadata, namespace: namespace ?? defaultNamespace } };
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
