import type { ResourceState } from "../state/resource-state.ts";
import { maskedSecrets, serializeValue } from "../state/serialize.ts";
import { differences } from "../values/difference.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import { parsePath, pathIsWithin } from "../values/property-path.ts";

type Json = ReturnType<typeof serializeValue>;

/** One property that changed since the last run. Secrets are `[secret]`. */
export interface DriftChange {
  path: string;
  kind: "add" | "delete" | "update";
  /** Value after the last run. */
  old?: Json;
  /** Present value. */
  new?: Json;
}

/** A resource that was changed or deleted outside of the program since the last run. */
export interface Drift {
  urn: string;
  kind: "changed" | "gone";
  /** Empty if the resource is gone. */
  changes: DriftChange[];
}

/** Compares the inputs in the state with those read back. Returns undefined if nothing changed outside of `ignoreChanges`. */
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
