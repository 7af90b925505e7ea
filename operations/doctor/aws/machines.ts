import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { NodeDemand } from "../planned-resource.ts";

const offeringsSchema = z.looseObject({
  InstanceTypeOfferings: z.array(z.looseObject({ InstanceType: z.string(), Location: z.string() })),
});

/** Says which zones of the cluster have the machines of each pool. A pool needs one zone; volumes need every zone. */
export async function awsMachines(
  cli: CloudCli,
  region: string,
  demands: readonly NodeDemand[],
  zones: readonly string[],
): Promise<Finding[]> {
  const machines = [...new Set(demands.map(({ machine }) => machine))];
  if (machines.length === 0) return [];
  const asked = await ask(
    cli,
    [
      "ec2",
      "describe-instance-type-offerings",
      "--location-type",
      "availability-zone",
      "--filters",
      `Name=instance-type,Values=${machines.join(",")}`,
      "--region",
      region,
    ],
    offeringsSchema,
  );
  if (asked.value === undefined) return [unknown("machines in zones", asked.reason, machines.join(", "))];
  const offered = asked.value.InstanceTypeOfferings;
  return machines.map((machine): Finding => {
    const subject = `machine ${machine}`;
    const needed = `in ${zones.join(", ")}`;
    const has = zones.filter((zone) =>
      offered.some(({ InstanceType, Location }) => InstanceType === machine && Location === zone),
    );
    const found = has.length === 0 ? "in no zone of the cluster" : `in ${has.join(", ")}`;
    if (has.length === zones.length) return { subject, state: "ok", found, needed };
    const pools = demands.filter((demand) => demand.machine === machine).map(({ pool }) => pool);
    return {
      subject,
      state: has.length === 0 ? "wrong" : "unknown",
      found,
      needed,
      fix: `choose another machine for ${pools.join(", ")}, or other cluster.zones`,
    };
  });
}
