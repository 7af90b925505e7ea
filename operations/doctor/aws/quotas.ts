import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import { enough, type Finding } from "../finding.ts";
import { plannedOf, type NodeDemand, type PlannedResource } from "../planned-resource.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";

/** First letters of machine types → class by which EC2 counts vCPUs, on demand and on spot. */
const CLASSES: readonly { families: RegExp; onDemand: string; spot: RegExp }[] = [
  { families: /^(g|vt)/, onDemand: "Running On-Demand G and VT instances", spot: /^All G and VT Spot/ },
  { families: /^p[45]/, onDemand: "Running On-Demand P instances", spot: /^All P(4.*|5|) ?.*Spot/ },
  { families: /^inf/, onDemand: "Running On-Demand Inf instances", spot: /^All Inf Spot/ },
  { families: /^trn/, onDemand: "Running On-Demand Trn instances", spot: /^All Trn Spot/ },
  {
    families: /^[acdhimrtz]/,
    onDemand: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    spot: /^All Standard .*Spot/,
  },
];

const quotasSchema = z.looseObject({
  Quotas: z.array(z.looseObject({ QuotaName: z.string(), QuotaCode: z.string(), Value: z.number() })),
});
const typesSchema = z.looseObject({
  InstanceTypes: z.array(
    z.looseObject({ InstanceType: z.string(), VCpuInfo: z.looseObject({ DefaultVCpus: z.number() }) }),
  ),
});
const instancesSchema = z.looseObject({
  Reservations: z.array(
    z.looseObject({
      Instances: z.array(
        z.looseObject({ InstanceType: z.string(), InstanceLifecycle: z.string().optional() }),
      ),
    }),
  ),
});

/** Machine whose class has the general machines that EKS Auto Mode chooses: C, M and R. */
const GENERAL = "m7i.2xlarge";

export interface AwsQuotasOptions {
  demands: readonly NodeDemand[];
  /** Nodes of EKS Auto Mode. */
  provisioned: readonly ProvisionedDemand[];
  planned: readonly PlannedResource[];
}

/**
 * Compares the vCPUs, addresses and networks that the stack takes with the quotas of the region.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 */
export async function awsQuotas(
  cli: CloudCli,
  region: string,
  { demands: allDemands, provisioned, planned }: AwsQuotasOptions,
): Promise<Finding[]> {
  const demands = allDemands.filter(({ capacityBlock }) => capacityBlock === undefined);
  const at = ["--region", region];
  const subject = "quotas of EC2";
  const { value: quotas, reason } = await ask(
    cli,
    ["service-quotas", "list-service-quotas", "--service-code", "ec2", ...at],
    quotasSchema,
  );
  if (quotas === undefined) return [unknown(subject, reason, "the right servicequotas:ListServiceQuotas")];
  const running = await runningMachines(cli, at);
  const names = [...new Set([...demands, ...running].map(({ machine }) => machine))];
  const types =
    names.length === 0
      ? { value: { InstanceTypes: [] } }
      : await ask(cli, ["ec2", "describe-instance-types", "--instance-types", ...names, ...at], typesSchema);
  if (types.value === undefined)
    return [unknown(subject, types.reason, "the right ec2:DescribeInstanceTypes")];
  const vcpus = new Map(
    types.value.InstanceTypes.map((each) => [each.InstanceType, each.VCpuInfo.DefaultVCpus]),
  );
  const sum = (machines: readonly { machine: string; count: number }[]): number =>
    machines.reduce((total, { machine, count }) => total + count * (vcpus.get(machine) ?? 0), 0);
  const findings = CLASSES.flatMap(({ families, onDemand, spot }) =>
    [false, true].flatMap((isSpot): Finding[] => {
      const wanted = demands.filter((demand) => demand.spot === isSpot && families.test(demand.machine));
      const auto = provisioned.filter(
        ({ machine = GENERAL, spot: asSpot }) => asSpot === isSpot && families.test(machine),
      );
      if (wanted.length === 0 && auto.length === 0) return [];
      const quota = quotas.Quotas.find(({ QuotaName }) =>
        isSpot ? spot.test(QuotaName) : QuotaName === onDemand,
      );
      const name = `vCPUs: ${isSpot ? `spot, as ${onDemand.replace("Running On-Demand ", "")}` : onDemand}`;
      if (quota === undefined) return [unknown(name, "EC2 lists no such quota", "a quota")];
      const strange = wanted.filter(({ machine }) => !vcpus.has(machine)).map(({ machine }) => machine);
      if (strange.length > 0)
        return [unknown(name, `EC2 tells no vCPUs of ${strange.join(", ")}`, "vCPUs of each machine")];
      const used = running.filter((each) => each.spot === isSpot && families.test(each.machine));
      const inUse = sum(used.map(({ machine }) => ({ machine, count: 1 })));
      const needed = sum(wanted.map(({ machine, min }) => ({ machine, count: min })));
      const later =
        sum(wanted.map(({ machine, max }) => ({ machine, count: max }))) +
        auto.reduce((total, { vcpus: most }) => total + most, 0);
      return [
        enough(
          name,
          { limit: quota.Value, inUse, needed, later },
          raise("ec2", quota.QuotaCode, inUse + later, region),
        ),
      ];
    }),
  );
  return [...findings, ...(await addresses(cli, at, quotas, planned))];
}

async function runningMachines(cli: CloudCli, at: string[]): Promise<{ machine: string; spot: boolean }[]> {
  const filter = ["--filters", "Name=instance-state-name,Values=pending,running"];
  const { value } = await ask(cli, ["ec2", "describe-instances", ...filter, ...at], instancesSchema);
  return (value?.Reservations ?? []).flatMap(({ Instances }) =>
    Instances.filter(({ InstanceLifecycle }) => InstanceLifecycle !== "capacity-block").map(
      ({ InstanceType, InstanceLifecycle }) => ({
        machine: InstanceType,
        spot: InstanceLifecycle === "spot",
      }),
    ),
  );
}

async function addresses(
  cli: CloudCli,
  at: string[],
  { Quotas }: z.infer<typeof quotasSchema>,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const needed = plannedOf(planned, "aws:ec2/eip:Eip", z.looseObject({})).length;
  const quota = Quotas.find(({ QuotaName }) => QuotaName === "EC2-VPC Elastic IPs");
  const subject = "Elastic IP addresses";
  if (needed === 0) return [];
  const used = await ask(
    cli,
    ["ec2", "describe-addresses", ...at],
    z.looseObject({ Addresses: z.array(z.unknown()) }),
  );
  if (quota === undefined || used.value === undefined)
    return [unknown(subject, used.reason ?? "EC2 lists no such quota", String(needed))];
  const inUse = used.value.Addresses.length;
  const region = at[1] ?? "";
  return [
    enough(
      subject,
      { limit: quota.Value, inUse, needed },
      raise("ec2", quota.QuotaCode, inUse + needed, region),
    ),
  ];
}

function raise(service: string, code: string, value: number, region: string): string {
  return `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${value} --region ${region}`;
}
