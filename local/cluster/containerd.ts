import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import type { Daemon } from "./daemon.ts";
import { PATHS, PAUSE_IMAGE, REGISTRY_HOST, RUN } from "./layout.ts";
import type { Machine } from "./machine.ts";
import type { RegistryAccount } from "./registry-accounts.ts";

/** Folder with the address and the credentials of each registry, for containerd. */
const hostsFolder = (): string => join(PATHS.config(), "registries");

/** Returns containerd as a daemon with all its files below our own folders: another containerd on the machine is not touched. */
export async function containerd(machine: Machine, account: RegistryAccount): Promise<Daemon> {
  await mkdir(join(hostsFolder(), REGISTRY_HOST), { recursive: true });
  await mkdir(RUN, { recursive: true });
  await writeFile(join(hostsFolder(), REGISTRY_HOST, "hosts.toml"), hostsConfig(account), { mode: 0o600 });
  const config = containerdConfig(machine);
  const file = join(PATHS.config(), "containerd.toml");
  await writeFile(file, config);
  return { name: "containerd", program: "containerd", args: ["--config", file], reads: [config] };
}

/** Returns the configuration of the local registry: without TLS, with the account. containerd reads it at each pull. */
function hostsConfig({ username, password }: RegistryAccount): string {
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return `server = "http://${REGISTRY_HOST}"

[host."http://${REGISTRY_HOST}"]
  capabilities = ["pull", "resolve"]
  [host."http://${REGISTRY_HOST}".header]
    authorization = "Basic ${basic}"
`;
}

/** Returns the configuration of containerd 1.6 or newer, in version 2 of its format. */
export function containerdConfig(machine: Machine): string {
  const cri = `plugins."io.containerd.grpc.v1.cri"`;
  return `version = 2
root = "${PATHS.containerd()}"
state = "${RUN}/containerd"

[grpc]
  address = "${PATHS.containerdSocket()}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${join(PATHS.containerd(), "opt")}"

[${cri}]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = ${!machine.canLowerOomScore}
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  [${cri}.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [${cri}.containerd.runtimes.runc.options]
      SystemdCgroup = false
      Root = "${RUN}/runc"
  [${cri}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${PATHS.cni()}"
  [${cri}.registry]
    config_path = "${hostsFolder()}"
`;
}

/** Runs ctr in the namespace of Kubernetes' containers. */
export function ctr(args: string[]): Promise<string> {
  return runCommand("ctr", ["--address", PATHS.containerdSocket(), "--namespace", "k8s.io", ...args]);
}

/** Pulls an image from the local registry and tags it with `name`, under which the kubelet never removes it. */
export async function pullPinned(image: string, name: string): Promise<void> {
  await ctr(["images", "pull", "--hosts-dir", hostsFolder(), image]);
  await ctr(["images", "tag", "--force", image, name]);
  await ctr(["images", "label", name, "io.cri-containerd.image=managed", "io.cri-containerd.pinned=pinned"]);
}
