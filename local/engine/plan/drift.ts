import type { ResourceState } from "../state/resource-state.ts";
import { maskedSecrets, serializeValue } from "../state/serialize.ts";
import { differences } from "../values/difference.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import { parsePath, pathIsWithin } from "../values/property-path.ts";

type Json = ReturnType<typeof serializeValue>;

/** One property that is not as the last run left it. Secrets are `[secret]`. */
export interface DriftChange {
  path: string;
  kind: "add" | "delete" | "update";
  /** As the last run left it. */
  old?: Json;
  /** As it is now. */
  new?: Json;
}

/** A resource that somebody or something changed, or deleted, since the last run. */
export interface Drift {
  urn: string;
  kind: "changed" | "gone";
  /** Empty where the resource is gone. */
  changes: DriftChange[];
}

/** Compares a resource with the inputs that were read back; undefined if it is as the last run left it, but for what `ignoreChanges` names. */
export function driftOf(state: ResourceState, inputsNow: PropertyMap): Drift | undefined {
  const ignored = state.ignoreChanges.map(parsePath);
  const changes = differences(state.inputs, inputsNow)
    .filter(({ path }) => !ignored.some((pattern) => pathIsWithin(parsePath(path), pattern)))
    .map(({ path, kind, old, new: now, secret }) => {
      const shown = (value: PropertyValue): Json =>
        secret ? "[secret]" : serializeValue(value, maskedSecrets);
      return {
        path,
        kind,
        ...(old === undefined ? {} : { old: shown(old) }),
        ...(now === undefined ? {} : { new: shown(now) }),
      };
    });
  return changes.length > 0 ? { urn: state.urn, kind: "changed", changes } : undefined;
}
