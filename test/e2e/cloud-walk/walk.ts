import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NETWORK } from "../../../local/cluster/layout.ts";
import { startTestCluster } from "../local-cluster.ts";
import type { Cloud, CloudWalk } from "./cloud.ts";
import type { CommandContext } from "./commands/commands.ts";
import { serviceAccountTokens } from "./identity/service-account-tokens.ts";
import { publishImages } from "./images/publish-images.ts";
import { deployerToken } from "./kubernetes/deployer-token.ts";
import { kubectlOf, type Kubectl } from "./kubernetes/kubectl.ts";
import { PodNames } from "./kubernetes/pod-names.ts";
import { pullOnNode } from "./kubernetes/pull-on-node.ts";
import { volumeDriver } from "./kubernetes/volume-driver.ts";
import { Authority } from "./network/authority.ts";
import { Front, type Site } from "./network/front.ts";
import { PACKAGE_INDEX_HOST, packageIndex } from "./network/package-index.ts";
import { copyProject } from "./project.ts";
import { startStore } from "./registry/store.ts";
import { StoreBehind } from "./registry/store-behind.ts";

export const ZONE = "ml.example.com";

/** An account of a cloud with nothing in it, a cluster that becomes that of the cloud, and a person with the checkout and a terminal. */
export interface Walk {
  context: CommandContext;
  kubectl: Kubectl;
  cloud: Cloud;
  front: Front;
  authority: Authority;
  /** URL of the registry behind that of the account, which asks for no rights. */
  store: string;
  stop: () => Promise<void>;
}

type Undo = (() => Promise<void> | void)[];

export async function startWalk(plan: CloudWalk): Promise<Walk> {
  const undo: Undo = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    return { ...(await start(plan, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(plan: CloudWalk, undo: Undo): Promise<Omit<Walk, "stop">> {
  const { cluster, ...testCluster } = await startTestCluster();
  undo.push(() => testCluster.stop());
  const scratch = await mkdtemp(join(tmpdir(), "cloud-walk-"));
  undo.push(() => rm(scratch, { recursive: true, force: true }));
  const kubectl = kubectlOf(cluster);
  const authority = await Authority.create();
  undo.push(() => rm(authority.folder, { recursive: true, force: true }));
  const upstream = await publishImages(cluster.registry, authority, scratch);
  const store = await startStore();
  undo.push(store.stop);
  const podNames = new PodNames(kubectl);
  const cloud = await plan.start({
    kubectl,
    check: serviceAccountTokens(kubectl),
    authority,
    store: new StoreBehind(store.url),
    upstream,
    clusterToken: await deployerToken(kubectl),
    zone: ZONE,
    resolveInPods: (host) => podNames.add(host),
    atEnd: (step) => undo.push(step),
  });

  const sites: Record<string, Site> = {
    ...cloud.sites,
    [PACKAGE_INDEX_HOST]: await packageIndex(),
    ...Object.fromEntries(upstream.hosts.map((host) => [host, upstream.site])),
  };
  const hosts = Object.keys(sites);
  const certificate = await authority.issue(
    `IP:${NETWORK.node}`,
    ...[...hosts, `*.${ZONE}`].map((host) => `DNS:${host}`),
  );
  const front = await Front.listen(NETWORK.node, certificate, (host) =>
    host.endsWith(ZONE) ? cloud.balancer : (sites[host] ?? sites[host.replace(/^[^.]+/, "*")]),
  );
  undo.push(() => front.close());
  const named = Object.keys(cloud.sites).filter((host) => !host.startsWith("*."));
  await podNames.add(...named, ...cloud.podHosts, PACKAGE_INDEX_HOST);
  await pullOnNode({ ...cloud.registry, authority: authority.file });
  const volumes = volumeDriver(kubectl, {
    provisioner: cloud.volumeDriver,
    folder: join(scratch, "volumes"),
  });
  undo.push(volumes.close);

  const project = await copyProject();
  undo.push(() => rm(project, { recursive: true, force: true }));
  const backend = join(scratch, "state");
  await mkdir(backend, { recursive: true });
  const passphrase = randomBytes(12).toString("hex");
  const env = {
    PATH: `${await writeCommands(scratch, cloud.commands)}:${process.env["PATH"] ?? ""}`,
    HOME: scratch,
    DOCKER_CONFIG: join(scratch, "docker"),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    NODE_OPTIONS: `--import=${new URL("network/names.mjs", import.meta.url).href}`,
    NODE_EXTRA_CA_CERTS: authority.file,
    WALK_HOSTS: [...hosts, `*.${ZONE}`].join(","),
    WALK_ADDRESS: NETWORK.node,
    ...packageIndexes(),
  };
  const { account } = cloud;
  const context = {
    project,
    backend,
    passphrase,
    env,
    providers: (name: string) => (name === account.package ? account.provider() : undefined),
  };
  return { context, kubectl, cloud, front, authority, store: store.url };
}

/** Settings of this machine that say where packages come from, and where they are kept. */
function packageIndexes(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^(PIP_|UV_|npm_config_|GO|SLIPWAY_CACHE$)/.test(name),
  );
  return {
    SLIPWAY_CACHE: join(process.env["HOME"] ?? "/root", ".cache", "slipway"),
    ...Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""])),
  };
}

/** Writes the commands of a cloud. Returns their folder. */
async function writeCommands(scratch: string, commands: Cloud["commands"]): Promise<string> {
  const folder = join(scratch, "bin");
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(commands))
    await writeFile(join(folder, name), script, { mode: 0o700 });
  return folder;
}
