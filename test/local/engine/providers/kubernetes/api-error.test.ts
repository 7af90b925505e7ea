import { describe, expect, it } from "vitest";
import {
  ApiError,
  immutableCauses,
  isMissingNamespace,
  isPassing,
} from "../../../../../local/engine/providers/kubernetes/api-error.ts";

const refused = (status: number, message: string, causes: [string, string][] = []): ApiError =>
  new ApiError(status, {
    message,
    details: {
      causes: causes.map(([field, text]) => ({ field, message: text, reason: "FieldValueInvalid" })),
    },
  });

describe("the API server's refusals", () => {
  it.each([
    ["spec.selector", "Invalid value: {}: field is immutable"],
    [
      "spec",
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals' are forbidden",
    ],
    ["spec.clusterIPs[0]", "Invalid value: []: may not change once set"],
    ["roleRef", "Invalid value: {}: cannot change roleRef"],
  ])("of a change to %s are known as immutability", (field, message) => {
    expect(immutableCauses(refused(422, "invalid", [[field, message]]))).toEqual([field]);
  });

  it("for other reasons are not", () => {
    expect(
      immutableCauses(refused(422, "invalid", [["spec.replicas", "must be greater than or equal to 0"]])),
    ).toBeUndefined();
    expect(immutableCauses(refused(403, "immutable"))).toBeUndefined();
    expect(immutableCauses(new Error("immutable"))).toBeUndefined();
  });

  it("because a namespace is missing are told from those because the object is", () => {
    expect(isMissingNamespace(refused(404, 'namespaces "a" not found'))).toBe(true);
    expect(isMissingNamespace(refused(404, 'configmaps "a" not found'))).toBe(false);
  });

  it.each([
    [404, 'namespaces "a" not found', true],
    [
      403,
      'pods "a" is forbidden: error looking up service account a/default: serviceaccount "default" not found',
      true,
    ],
    [403, 'pods "a" is forbidden: status unknown for quota: q', true],
    [403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest"', false],
    [422, "invalid", false],
  ])("with %i %s pass by waiting: %j", (status, message, passes) => {
    expect(isPassing(refused(status, message))).toBe(passes);
  });
});
