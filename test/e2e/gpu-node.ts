import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import {
  GPU_RESOURCE,
  GPU_TAINT,
  GPU_TYPE_LABEL,
  type GpuType,
} from "../../components/platform/kubernetes/gpu-types.ts";
import { home } from "../../local/home.ts";
import { silentProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { kubectl } from "../../local/tools/kubectl.ts";

/** Makes the cluster's one node look like one of a GPU pool to the scheduler: what it offers, its label and its taint. */
export async function offerGpus(kube: KubeConfig, type: GpuType, count: number): Promise<void> {
  const node = await nodeName(kube);
  const { key, value, effect } = GPU_TAINT;
  await run("label", "node", node, `${GPU_TYPE_LABEL}=${type}`, "--overwrite");
  await run("taint", "node", node, `${key}=${value}:${effect}`, "--overwrite");
  await setCapacity(node, String(count));
}

/** Makes the node what it was. */
export async function withdrawGpus(kube: KubeConfig): Promise<void> {
  const node = await nodeName(kube);
  await run("label", "node", node, `${GPU_TYPE_LABEL}-`);
  await run("taint", "node", node, `${GPU_TAINT.key}-`).catch(() => undefined); // it may not have got that far
  await setCapacity(node, null);
}

async function setCapacity(node: string, count: string | null): Promise<void> {
  const gpus = { [GPU_RESOURCE]: count };
  const status = JSON.stringify({ status: { capacity: gpus, allocatable: gpus } });
  await run("patch", "node", node, "--subresource=status", "--type=merge", "--patch", status);
}

async function nodeName(kube: KubeConfig): Promise<string> {
  const { items } = await kube.makeApiClient(CoreV1Api).listNode();
  return items[0]?.metadata?.name ?? "";
}

async function run(...args: string[]): Promise<void> {
  await runCommand(await kubectl(silentProgress), ["--kubeconfig", home("kubeconfig"), ...args]);
}
