import type { V1Job } from "@kubernetes/client-node";
import type { ClusterJobs } from "../../../operations/pipeline/cluster-jobs.ts";
import type { JobTarget } from "../../../operations/pipeline/job-target.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { JOB_NAMES } from "../../../runtime/contract/job-template.ts";
import { runJob } from "../../runtime/support/run-job.ts";
import { end, fakeClusterJobs, trainTemplate } from "./fake-cluster-jobs.ts";

export interface ProcessJobs extends JobTarget {
  /** Name and arguments of each Job that ran. */
  ran: string[][];
}

/** Jobs that run as processes of this machine, as the pods of a cluster would. Nothing fills an online store. */
export function processJobs(registry: RegistryClient, url: string): ProcessJobs {
  const ran: string[][] = [];
  const templates = JOB_NAMES.map((job) => trainTemplate({ name: `training-${job}`, job }));
  const fake = fakeClusterJobs(() => ({ failure: {} }), templates);
  const create = async (job: V1Job): Promise<void> => {
    fake.list.push(job);
    const args = job.spec!.template.spec!.containers[0]!.args!;
    const [name = ""] = args;
    ran.push(args);
    if (name === "materialize") return end(fake, job, { result: { job: name, summary: {} } });
    const { code, result, output } = await runJob(args, { SLIPWAY_REGISTRY: url });
    const ended = result === undefined ? {} : { result };
    return end(
      fake,
      job,
      code === 0 && result !== undefined ? { result } : { failure: {}, log: output, ...ended },
    );
  };
  const jobs: ClusterJobs = { ...fake, create };
  return {
    jobs,
    registry,
    templates: Object.fromEntries(JOB_NAMES.map((job) => [job, `training-${job}`])),
    ran,
  };
}
