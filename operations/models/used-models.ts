import { AppsV1Api, BatchV1Api, type KubeConfig } from "@kubernetes/client-node";
import { readdir } from "node:fs/promises";
import type { PlatformOutputs } from "../../stacks/platform-outputs.ts";
import { pinnedModels } from "../pinned-models.ts";
import { loadStackFile } from "../stack/load-stack-file.ts";
import type { UsedModels } from "./plan-removal.ts";

const REFERENCE = /[a-z0-9][a-z0-9._/-]*\/model@sha256:[0-9a-f]{64}/g;

export interface ModelUsers {
  /** Folder with the files of the stacks. */
  root: string;
  stack: string;
  kube: KubeConfig;
  outputs: Pick<PlatformOutputs, "services" | "managedServices">;
}

/**
 * Returns the versions in use: those of services in every namespace of the cluster, of services outside of it, and those that the file of
 * any stack of the checkout pins.
 */
export async function usedModels({ root, stack, kube, outputs }: ModelUsers): Promise<UsedModels> {
  const used = new Map<string, string[]>();
  const add = (reference: string, user: string): void => {
    const users = used.get(reference) ?? [];
    if (!users.includes(user)) used.set(reference, [...users, user]);
  };
  for (const { reference, environment, name } of outputs.services) add(reference, `${environment}/${name}`);
  for (const { reference, canaryDigest, environment, name } of outputs.managedServices) {
    add(reference, `${environment}/${name}`);
    if (canaryDigest !== null) add(`${reference.split("@")[0]}@${canaryDigest}`, `${environment}/${name}`);
  }
  const { items: deployments } = await kube.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
  const { items: jobs } = await kube.makeApiClient(BatchV1Api).listCronJobForAllNamespaces();
  for (const { metadata, spec } of [...deployments, ...jobs])
    for (const [reference] of JSON.stringify(spec).matchAll(REFERENCE))
      add(reference, `${metadata?.namespace}/${(metadata?.name ?? "").replace(/-drift$/, "")}`);
  for (const name of await stackNames(root))
    for (const { repository, digest, environment, service } of pinnedModels(await loadStackFile(root, name)))
      add(
        `${repository}@${digest}`,
        name === stack ? `${environment}/${service}` : `Pulumi.${name}.yaml: ${environment}/${service}`,
      );
  return used;
}

async function stackNames(root: string): Promise<string[]> {
  return (await readdir(root)).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}
