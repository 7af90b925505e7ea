import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import type { Daemon } from "./daemon.ts";
import { PATHS, PAUSE_IMAGE, REGISTRY_HOST, RUN } from "./layout.ts";
import type { Machine } from "./machine.ts";
import type { RegistryAccount } from "./registry.ts";

/** containerd with everything of it below our own folders: another containerd on the machine is not touched. */
export async function containerd(machine: Machine, account: RegistryAccount): Promise<Daemon> {
  const hosts = join(PATHS.config(), "registries");
  await mkdir(join(hosts, REGISTRY_HOST), { recursive: true });
  await mkdir(RUN, { recursive: true });
  await writeFile(
    join(hosts, REGISTRY_HOST, "hosts.toml"),
    `server = "http://${REGISTRY_HOST}"\n\n[host."http://${REGISTRY_HOST}"]\n  capabilities = ["pull", "resolve"]\n`,
  );
  const config = containerdConfig(machine, hosts, account);
  const file = join(PATHS.config(), "containerd.toml");
  await writeFile(file, config, { mode: 0o600 });
  return { name: "containerd", program: "containerd", args: ["--config", file], reads: [config] };
}

/** Configuration of containerd 1.6. */
export function containerdConfig(machine: Machine, hosts: string, account: RegistryAccount): string {
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
  [${cri}.cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${PATHS.cni()}"
  [${cri}.registry]
    config_path = "${hosts}"
    [${cri}.registry.configs."${REGISTRY_HOST}".auth]
      username = "${account.username}"
      password = "${account.password}"
`;
}

/** Runs ctr in the namespace of Kubernetes' containers. */
export function ctr(args: string[]): Promise<string> {
  return runCommand("ctr", ["--address", PATHS.containerdSocket(), "--namespace", "k8s.io", ...args]);
}
