import { z } from "zod";
import { isZoneId } from "../../../components/aws/zones.ts";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { NodeDemand } from "../planned-resource.ts";

const offeringsSchema = z.looseObject({
  InstanceTypeOfferings: z.array(z.looseObject({ InstanceType: z.string(), Location: z.string() })),
});
type Offerings = z.infer<typeof offeringsSchema>["InstanceTypeOfferings"];

/** Says which zones of the cluster have the machines of each pool. A pool needs one zone; volumes need every zone. */
export async function awsMachines(
  cli: CloudCli,
  region: string,
  demands: readonly NodeDemand[],
  zones: readonly string[],
): Promise<Finding[]> {
  const machines = [...new Set(demands.map(({ machine }) => machine))];
  if (machines.length === 0) return [];
  const subject = "machines in zones";
  if (zones.length === 0)
    return [unknown(subject, "the plan names no zones of subnets", machines.join(", "))];
  const { offered, reason } = await offerings(cli, region, machines, zones);
  if (offered === undefined) return [unknown(subject, reason, machines.join(", "))];
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

/** Asks for zones as the plan names them: by name, by id, or both. */
async function offerings(
  cli: CloudCli,
  region: string,
  machines: readonly string[],
  zones: readonly string[],
): Promise<{ offered: Offerings; reason?: undefined } | { offered?: undefined; reason: string }> {
  const types = new Set(zones.map((zone) => (isZoneId(zone) ? "availability-zone-id" : "availability-zone")));
  const offered: Offerings = [];
  for (const type of types) {
    const filter = `Name=instance-type,Values=${machines.join(",")}`;
    const { value, reason } = await ask(
      cli,
      [
        ...["ec2", "describe-instance-type-offerings", "--location-type", type],
        ...["--filters", filter, "--region", region],
      ],
      offeringsSchema,
    );
    if (value === undefined) return { reason };
    offered.push(...value.InstanceTypeOfferings);
  }
  return { offered };
}
