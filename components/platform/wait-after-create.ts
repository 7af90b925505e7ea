import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Returns options that make an `up` wait after it has created the resource, before anything that depends on the resource. Clouds accept a
 * grant at once, but apply it everywhere only after minutes, and refuse its first use until then. Later runs do not wait, not even after an interrupted one: use the time of creation instead where the cloud tells it.
 *
 * @param seconds - time to wait; 0 for none
 */
export function waitAfterCreate(seconds: number): Pick<pulumi.ResourceOptions, "hooks"> {
  if (seconds <= 0) return {};
  return { hooks: { afterCreate: [() => sleep(seconds * 1000)] } };
}
