import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../../local/engine/providers/kubernetes/api-error.ts";
import {
  explainRefusal,
  isRefusedGrowth,
} from "../../../../../local/engine/providers/kubernetes/explain-refusal.ts";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";

const object = (kind: string): JsonObject => ({ kind, metadata: { name: "a", namespace: "n" } });
const invalid = (field: string, message: string): ApiError =>
  new ApiError(422, {
    message: `it is invalid: ${field}: ${message}`,
    details: { causes: [{ field, message, reason: "FieldValueForbidden" }] },
  });
const text = (error: unknown, kind: string): string => (explainRefusal(error, object(kind)) as Error).message;

describe("a refusal of the API server", () => {
  it.each([
    [
      "CustomResourceDefinition",
      invalid("spec.scope", 'Invalid value: "Cluster": field is immutable'),
      /^CustomResourceDefinition n\/a: spec\.scope cannot change in place: .*; set it back, or declare another definition .* delete every object of the kind$/,
    ],
    [
      "PersistentVolumeClaim",
      invalid("spec.resources.requests.storage", "Forbidden: field can not be less than status.capacity"),
      /: spec\.resources\.requests\.storage cannot change in place: .*; a claim only grows: set it to its present size or more$/,
    ],
    [
      "PersistentVolumeClaim",
      invalid(
        "spec",
        "Forbidden: spec is immutable after creation except resources.requests for bound claims",
      ),
      /a claim grows only once it is bound/,
    ],
    [
      "PriorityClass",
      invalid("value", "Forbidden: may not be changed in an update."),
      /; set it back or, where the object may be deleted and made again, name the field in replaceOnChanges: \["value"\]$/,
    ],
    [
      "Deployment",
      invalid("spec.replicas", "Invalid value: -1: must be greater than or equal to 0"),
      /^Deployment n\/a: the API server refused this Deployment: it is invalid/,
    ],
  ])("of a %s says which field and what to do", (kind, error, expected) => {
    expect(text(error, kind)).toMatch(expected);
  });

  it("of a claim that its class does not let grow is no missing right", () => {
    const error = new ApiError(403, {
      message:
        'persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    });
    expect(isRefusedGrowth(error)).toBe(true);
    expect(text(error, "PersistentVolumeClaim")).toMatch(
      /go back to the former size, set allowVolumeExpansion/,
    );
  });

  it("that is none is left as it is", () => {
    const error = new Error("something else");
    expect(explainRefusal(error, object("Pod"))).toBe(error);
  });
});
