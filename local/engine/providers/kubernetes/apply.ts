import { createHash } from "node:crypto";
import type { ApiClient } from "./api-client.ts";
import { ApiError } from "./api-error.ts";
import { conflictsOf, FieldConflict } from "./field-conflict.ts";
import { pathOf } from "./discovery.ts";
import type { ResourceKind } from "./discovery.ts";
import type { JsonObject } from "./json-object.ts";
import { nameOf, namespaceOf, withNamespace } from "./kube-object.ts";

/**
 * Returns the field manager of a resource: `pulumi-kubernetes-<8 hex digits>`, as pulumi-kubernetes names it, with the digits
 * derived from the urn, so that a run that starts over after a crash recognizes what it made.
 */
export function fieldManagerOf(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

export interface ApplyOptions {
  manager: string;
  /** Takes fields over from whoever owns them. */
  force: boolean;
  dryRun: boolean;
  signal?: AbortSignal;
}

/** Applies an object on the server side and returns it as it then is, with the server's warnings. Throws FieldConflict where another manager owns a field. */
export async function applyObject(
  api: ApiClient,
  kind: ResourceKind,
  object: JsonObject,
  { manager, force, dryRun, signal }: ApplyOptions,
): Promise<{ live: JsonObject; warnings: string[] }> {
  try {
    const { body, warnings } = await api.request("PATCH", pathOf(kind, object), {
      query: { fieldManager: manager, force, fieldValidation: "Warn", dryRun: dryRun ? "All" : undefined },
      body: object,
      contentType: "application/apply-patch+yaml",
      signal,
    });
    return { live: body, warnings };
  } catch (error) {
    const conflicts = error instanceof ApiError ? conflictsOf(error) : [];
    if (conflicts.length === 0) throw error;
    throw new FieldConflict(object, conflicts, error as ApiError);
  }
}

/** Gives up every field that a manager owns; what nobody else owns goes away. The object itself stays. */
export async function relinquish(
  api: ApiClient,
  kind: ResourceKind,
  object: JsonObject,
  manager: string,
  signal?: AbortSignal,
): Promise<void> {
  const { apiVersion, kind: kindName } = kind;
  const bare: JsonObject = { apiVersion, kind: kindName, metadata: { name: nameOf(object) } };
  const empty = withNamespace(bare, namespaceOf(object));
  await applyObject(api, kind, empty, { manager, force: false, dryRun: false, signal });
}
