import { setTimeout as sleep } from "node:timers/promises";
import type { Progress, Step } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import type { Cluster } from "./cluster-up.ts";
import { ctr, pullPinned } from "./containerd.ts";
import { coreDns } from "./core-dns.ts";
import { NODE_NAME, PAUSE_IMAGE } from "./layout.ts";
import { withClusterLock } from "./lock.ts";
import { createVolume, planVolumes, storageClass, wipeVolume } from "./volumes.ts";

/** References of the cluster's own images: `host/repository@sha256:…`. */
export interface AddonImages {
  pause: string;
  coredns: string;
}

/** Adds the sandbox image, DNS and volumes to a control plane, so that it can run pods. Returns when all are ready. Idempotent. */
export async function clusterAddons(
  progress: Progress,
  cluster: Cluster,
  images: AddonImages,
): Promise<void> {
  const work = (): Promise<void> =>
    progress.step("Deploy DNS and volumes", (step) => deploy(cluster, images, step));
  await withClusterLock(work);
}

async function deploy(cluster: Cluster, images: AddonImages, step: Step): Promise<void> {
  const kubectl = (args: string[], input?: string): Promise<string> =>
    runCommand(cluster.kubectl, ["--kubeconfig", cluster.kubeconfig, ...args], {
      input,
      timeoutMs: 180_000,
    });
  await pinPauseImage(images.pause);
  const { remove, create } = planVolumes(
    JSON.parse(await kubectl(["get", "persistentvolume", "--output=json"])),
  );
  for (const name of remove) {
    await kubectl(["delete", "persistentvolume", name]);
    await wipeVolume(name);
  }
  const objects = [
    ...["default", "kube-system"].map(restrictedNamespace),
    storageClass,
    ...coreDns(images.coredns),
    ...(await Promise.all(create.map(createVolume))),
  ];
  const list = { apiVersion: "v1", kind: "List", items: objects };
  await kubectl(
    ["apply", "--server-side", "--force-conflicts", "--field-manager=slipway", "--filename=-"],
    JSON.stringify(list),
  );
  step.update("waiting for the node and its DNS");
  await kubectl(["wait", "--for=condition=Ready", `node/${NODE_NAME}`, "--timeout=120s"]);
  await kubectl(["--namespace=kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s"]);
  await defaultAccountExists(kubectl);
  if (remove.length === 0 && create.length === 0 && !cluster.changed) step.cached("unchanged");
}

/** Returns a namespace that Kubernetes creates by itself, with Pod Security as strict as in the platform's namespaces. */
export function restrictedNamespace(name: string): object {
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** Tags the pause image with the name in containerd's configuration. */
async function pinPauseImage(image: string): Promise<void> {
  const present = await ctr(["images", "list", `name==${PAUSE_IMAGE}`]);
  const digest = image.slice(image.indexOf("@") + 1);
  if (!present.includes(digest)) await pullPinned(image, PAUSE_IMAGE);
}

/** Waits for the default service account: pods are refused without it, for some seconds after the control plane's start. */
async function defaultAccountExists(kubectl: (args: string[]) => Promise<string>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await kubectl(["--namespace=default", "get", "serviceaccount", "default"]).catch(
      () => undefined,
    );
    if (found !== undefined) return;
    await sleep(200);
  }
  throw new Error("the controller manager created no service account within 20 s: see its log");
}
