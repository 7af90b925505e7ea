import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import { enough, type Finding } from "../finding.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import type { GcpNodeDemand } from "./node-demand.ts";
import { notAnswered } from "./not-answered.ts";

const quotasSchema = z.looseObject({
  quotas: z.array(z.looseObject({ metric: z.string(), limit: z.number(), usage: z.number() })),
});
const machinesSchema = z.array(z.looseObject({ name: z.string(), guestCpus: z.number(), zone: z.string() }));
type Quotas = z.infer<typeof quotasSchema>["quotas"];

/**
 * Compares the CPUs, GPUs and disks that the stack takes with the quotas of the region.
 * @see https://cloud.google.com/compute/resource-usage
 */
export async function gcpQuotas(
  cli: CloudCli,
  {
    project,
    region,
    provisioned = [],
  }: { project: string; region: string; provisioned?: readonly ProvisionedDemand[] | undefined },
  demands: readonly GcpNodeDemand[],
): Promise<Finding[]> {
  const inProject = ["--project", project];
  const answer = await ask(cli, ["compute", "regions", "describe", region, ...inProject], quotasSchema);
  if (answer.value === undefined)
    return [
      notAnswered(
        {
          subject: "quotas of Compute Engine",
          reason: answer.reason,
          needed: "the right compute.regions.get",
        },
        { api: "compute", project },
      ),
    ];
  const { quotas } = answer.value;
  const cpusOf = await machineCpus(cli, inProject, region, demands);
  const fix = `ask for more in ${region}: IAM and admin, Quotas, of project ${project}`;
  const named = new Map<string, { needed: number; later: number }>();
  const add = (metric: string, each: number, { min, max }: GcpNodeDemand): void => {
    const { needed, later } = named.get(metric) ?? { needed: 0, later: 0 };
    named.set(metric, { needed: needed + each * min, later: later + each * max });
  };
  for (const demand of demands) {
    const cpus = cpusOf.get(demand.machine);
    if (cpus !== undefined) add(cpuMetric(demand, quotas), cpus, demand);
    for (const { type, count } of demand.gpus) {
      add(`${demand.spot ? "PREEMPTIBLE_" : ""}${gpuMetric(type)}`, count, demand);
    }
    add("SSD_TOTAL_GB", demand.diskGib, demand);
  }
  for (const { metric, most } of provisionedMetrics(provisioned, demands, cpusOf)) {
    const { needed, later } = named.get(metric) ?? { needed: 0, later: 0 };
    named.set(metric, { needed, later: later + most });
  }
  const findings = [...named].map(([metric, { needed, later }]): Finding => {
    const quota = quotas.find((each) => each.metric === metric);
    if (quota === undefined)
      return unknown(metric, "Compute Engine lists no such quota", String(Math.max(needed, later)));
    return enough(
      metric,
      { limit: quota.limit, inUse: quota.usage, needed, later: Math.max(needed, later) },
      fix,
    );
  });
  const strange = [...new Set(demands.map(({ machine }) => machine))].filter((name) => !cpusOf.has(name));
  if (strange.length > 0)
    findings.push(
      unknown("CPUs", `Compute Engine tells no CPUs of ${strange.join(", ")}`, "CPUs of each machine"),
    );
  return [...findings, ...(await gpusOfAllRegions(cli, inProject, { demands, provisioned }, fix))];
}

/**
 * Returns the quotas that nodes take which GKE creates by itself. Its limits include the nodes of the pools, so only what the pools leave
 * counts. Without another request its general machines are E2.
 */
function provisionedMetrics(
  provisioned: readonly ProvisionedDemand[],
  demands: readonly GcpNodeDemand[],
  cpusOf: ReadonlyMap<string, number>,
): { metric: string; most: number }[] {
  const inPools = demands.reduce((sum, { machine, max }) => sum + max * (cpusOf.get(machine) ?? 0), 0);
  return provisioned.map(({ vcpus, gpus }) =>
    gpus === undefined
      ? { metric: "CPUS", most: Math.max(0, vcpus - inPools) }
      : { metric: gpuMetric(gpus.type), most: roomFor(gpus, demands) },
  );
}

/** GPUs of a type that the limit leaves beside those of the pools. */
function roomFor(
  { type, count }: NonNullable<ProvisionedDemand["gpus"]>,
  demands: readonly GcpNodeDemand[],
): number {
  const inPools = demands.reduce(
    (sum, { gpus, max }) =>
      sum + gpus.reduce((all, gpu) => all + (gpu.type === type ? gpu.count * max : 0), 0),
    0,
  );
  return Math.max(0, count - inPools);
}

async function machineCpus(
  cli: CloudCli,
  inProject: string[],
  region: string,
  demands: readonly GcpNodeDemand[],
): Promise<Map<string, number>> {
  const names = [...new Set(demands.map(({ machine }) => machine))].join(" ");
  const filter = `name=(${names}) AND zone~^${region}-`;
  const { value } = await ask(
    cli,
    ["compute", "machine-types", "list", "--filter", filter, ...inProject],
    machinesSchema,
  );
  return new Map((value ?? []).map(({ name, guestCpus }) => [name, guestCpus]));
}

/** E2, N1 and G2 machines share `CPUS`; newer families have a quota of their own. Spot has one where the project has it. */
function cpuMetric({ machine, spot }: GcpNodeDemand, quotas: Quotas): string {
  const family = machine.split("-")[0]?.toUpperCase() ?? "";
  const preemptible = quotas.find(({ metric }) => metric === "PREEMPTIBLE_CPUS");
  if (spot && preemptible !== undefined && preemptible.limit > 0) return "PREEMPTIBLE_CPUS";
  const own = `${family}_CPUS`;
  return quotas.some(({ metric }) => metric === own) ? own : "CPUS";
}

/** `nvidia-tesla-t4` → `NVIDIA_T4_GPUS`. */
function gpuMetric(type: string): string {
  return `${type.replace("tesla-", "").replaceAll("-", "_").toUpperCase()}_GPUS`;
}

async function gpusOfAllRegions(
  cli: CloudCli,
  inProject: string[],
  { demands, provisioned }: { demands: readonly GcpNodeDemand[]; provisioned: readonly ProvisionedDemand[] },
  fix: string,
): Promise<Finding[]> {
  const inPools = demands.reduce(
    (sum, { gpus, max }) => sum + max * gpus.reduce((all, { count }) => all + count, 0),
    0,
  );
  const later = provisioned.reduce(
    (sum, { gpus }) => sum + (gpus === undefined ? 0 : roomFor(gpus, demands)),
    inPools,
  );
  if (later === 0) return [];
  const needed = demands.reduce(
    (sum, { gpus, min }) => sum + min * gpus.reduce((all, { count }) => all + count, 0),
    0,
  );
  const answer = await ask(cli, ["compute", "project-info", "describe", ...inProject], quotasSchema);
  const quota = answer.value?.quotas.find(({ metric }) => metric === "GPUS_ALL_REGIONS");
  if (quota === undefined)
    return [unknown("GPUS_ALL_REGIONS", answer.reason ?? "there is no such quota", String(later))];
  return [enough("GPUS_ALL_REGIONS", { limit: quota.limit, inUse: quota.usage, needed, later }, fix)];
}
