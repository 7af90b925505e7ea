import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { NodeDemand } from "../planned-resource.ts";

const reservationsSchema = z.looseObject({
  CapacityReservations: z.array(
    z.looseObject({ State: z.string(), InstanceType: z.string(), TotalInstanceCount: z.number() }),
  ),
});
/** States of a block from which nodes come, now or when it starts. */
const USABLE = ["active", "scheduled"];

/** Says whether the capacity blocks of pools are bought, with their machine and for all of their nodes. */
export async function awsCapacityBlocks(
  cli: CloudCli,
  region: string,
  demands: readonly NodeDemand[],
): Promise<Finding[]> {
  return Promise.all(
    demands.flatMap(({ pool, machine, max, capacityBlock }) =>
      capacityBlock === undefined ? [] : [block(cli, region, { pool, machine, max, id: capacityBlock })],
    ),
  );
}

async function block(
  cli: CloudCli,
  region: string,
  { pool, machine, max, id }: { pool: string; machine: string; max: number; id: string },
): Promise<Finding> {
  const subject = `capacity block ${id} for ${pool}`;
  const needed = `${max} of ${machine}, active or scheduled; they are compared with no quota`;
  const fix = `buy a block of ${machine}, and put its id into capacity.id of the pool`;
  const { value, reason } = await ask(
    cli,
    ["ec2", "describe-capacity-reservations", "--capacity-reservation-ids", id, "--region", region],
    reservationsSchema,
  );
  if (value === undefined)
    return /NotFound/.test(reason)
      ? { subject, state: "wrong", found: "not in this account and region", needed, fix }
      : unknown(subject, reason, needed);
  const [found] = value.CapacityReservations;
  if (found === undefined)
    return { subject, state: "wrong", found: "not in this account and region", needed, fix };
  const { State, InstanceType, TotalInstanceCount } = found;
  const text = `${TotalInstanceCount} of ${InstanceType}, ${State}`;
  const fits = USABLE.includes(State) && InstanceType === machine && TotalInstanceCount >= max;
  return { subject, found: text, needed, ...(fits ? { state: "ok" } : { state: "wrong", fix }) };
}
