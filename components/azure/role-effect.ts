import { setTimeout as sleep } from "node:timers/promises";
import type * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as pulumi from "@pulumi/pulumi";

/**
 * Seconds in which a new role assignment becomes effective. Azure promises 10 minutes, and usually needs less than 3.
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 */
export const ROLE_EFFECT_SECONDS = 180;

/** Returns the milliseconds until a role assignment is effective: at most ROLE_EFFECT_SECONDS, and 0 if the day of creation is unknown. */
export function roleDelayMs(createdOn: string | undefined, nowMs: number): number {
  const created = Date.parse(createdOn ?? "");
  if (Number.isNaN(created)) return 0;
  const limit = ROLE_EFFECT_SECONDS * 1000;
  return Math.min(limit, Math.max(0, created + limit - nowMs));
}

/**
 * Returns `value` when the role assignments are effective. A resource that uses the value is created after them, and deleted before
 * them. A run waits only for assignments that are younger than that, also those of an interrupted run before it; previews do not
 * wait. Grants of Google Cloud have no time of creation, so `waitAfterCreate` waits for them.
 */
export function whenEffective<Value extends string>(
  value: pulumi.Input<Value>,
  ...roles: readonly authorization.RoleAssignment[]
): pulumi.Output<Value> {
  return pulumi.all([value, ...roles.map((role) => role.createdOn)]).apply(async ([known, ...days]) => {
    const delays = days.map((day) => roleDelayMs(day, Date.now()));
    if (!pulumi.runtime.isDryRun()) await sleep(Math.max(0, ...delays));
    return known as unknown as Value;
  });
}
