import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import type { GcpNodeDemand } from "./node-demand.ts";
import { notAnswered } from "./not-answered.ts";

const listed = z.array(z.looseObject({ name: z.string(), zone: z.string() }));

/** Says which zones of the region have the machines and the GPUs of each pool. GKE refuses a pool in a zone without its GPU. */
export async function gcpMachines(
  cli: CloudCli,
  { project, region }: { project: string; region: string },
  demands: readonly GcpNodeDemand[],
): Promise<Finding[]> {
  const machines = [...new Set(demands.map(({ machine }) => machine))];
  const gpus = [...new Set(demands.flatMap((demand) => demand.gpus.map(({ type }) => type)))];
  const list = (what: string, names: string[]): ReturnType<typeof ask<typeof listed>> =>
    ask(
      cli,
      [
        "compute",
        what,
        "list",
        "--filter",
        `name=(${names.join(" ")}) AND zone~${region}-`,
        "--project",
        project,
      ],
      listed,
    );
  const found = await list("machine-types", machines);
  const foundGpus = gpus.length === 0 ? { value: [] } : await list("accelerator-types", gpus);
  if (found.value === undefined)
    return [
      notAnswered(
        { subject: "machines in zones", reason: found.reason, needed: machines.join(", ") },
        { api: "compute", project },
      ),
    ];
  if (foundGpus.value === undefined)
    return [unknown("GPUs in zones", foundGpus.reason ?? "", gpus.join(", "))];
  const zonesOf = (name: string): string[] =>
    [...(found.value ?? []), ...(foundGpus.value ?? [])]
      .filter((each) => each.name === name)
      .map(({ zone }) => zone.split("/").at(-1) ?? zone)
      .sort();
  return demands.map(({ pool, machine, gpus: ofPool, zones }): Finding => {
    const names = [machine, ...ofPool.map(({ type }) => type)];
    const common = names.map(zonesOf).reduce((a, b) => a.filter((zone) => b.includes(zone)));
    const subject = `${names.join(" with ")} for ${pool}`;
    const needed = zones === undefined ? `in every zone of ${region}` : `in ${zones.join(", ")}`;
    const text = common.length === 0 ? `nowhere in ${region}` : `in ${common.join(", ")}`;
    const lacking = zones?.filter((zone) => !common.includes(zone)) ?? [];
    if (common.length > 0 && lacking.length === 0) return { subject, state: "ok", found: text, needed };
    return {
      subject,
      state: "wrong",
      found: text,
      needed,
      fix: "set zones of the pool to these, or choose another machine",
    };
  });
}
