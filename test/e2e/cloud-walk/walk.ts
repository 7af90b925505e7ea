import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NETWORK } from "../../../local/cluster/layout.ts";
import { buildImages } from "../../../local/images/build-images.ts";
import { STACK_IMAGES } from "../../../local/images/plan-images.ts";
import { connectImageRegistry } from "../../../local/images/push-image.ts";
import { lineProgress } from "../../../local/progress.ts";
import { loadImageSources } from "../../../cli/mirror/image-sources.ts";
import { ACCOUNT, REGION } from "../../components/aws/aws-outputs.ts";
import { startTestCluster } from "../local-cluster.ts";
import { Account } from "./aws/account.ts";
import { Apis } from "./aws/apis.ts";
import { behaviors, REDIS_HOST } from "./aws/behaviors.ts";
import { loadBalancer } from "./aws/load-balancer.ts";
import { ManagedRedis } from "./aws/redis.ts";
import { EcrRegistry } from "./aws/registry.ts";
import { parseJwks, SecurityTokens } from "./aws/security-tokens.ts";
import { startStore } from "./aws/store.ts";
import type { Surroundings } from "./commands.ts";
import { pullOnNode, resolveInPods } from "./kubernetes/cloud-names.ts";
import { apply, kubectlOf, type Kubectl } from "./kubernetes/kubectl.ts";
import { podIdentityWebhook } from "./kubernetes/pod-identity-webhook.ts";
import { volumeDriver } from "./kubernetes/volume-driver.ts";
import { Authority } from "./network/authority.ts";
import { Front, type Site } from "./network/front.ts";
import { PACKAGE_INDEX_HOST, packageIndex } from "./network/package-index.ts";
import { PublicRegistries, type PublicImage } from "./network/public-registries.ts";
import { deriveImage } from "./operators/derive-image.ts";
import { copyProject } from "./project.ts";

const OPERATORS = ["aws-load-balancer-controller", "cluster-autoscaler", "external-secrets"];
export const ZONE = "ml.example.com";
export const RUNTIME_IMAGE = "ghcr.io/acme/slipway-runtime:0.1.0";

/** An AWS account with nothing in it, a cluster that becomes its EKS cluster, and a person with the checkout and a terminal. */
export interface Walk {
  surroundings: Surroundings;
  kubectl: Kubectl;
  account: Account;
  registry: EcrRegistry;
  tokens: SecurityTokens;
  apis: Apis;
  front: Front;
  authority: Authority;
  /** URL of the registry behind that of the account, which asks for no rights. */
  store: string;
  stop: () => Promise<void>;
}

export async function startWalk(): Promise<Walk> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    return { ...(await start(undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(undo: (() => Promise<void> | void)[]): Promise<Omit<Walk, "stop">> {
  const testCluster = await startTestCluster();
  const { cluster } = testCluster;
  undo.push(() => testCluster.stop());
  const scratch = await mkdtemp(join(tmpdir(), "cloud-walk-"));
  undo.push(() => rm(scratch, { recursive: true, force: true }));
  const kubectl = kubectlOf(cluster);
  const authority = await Authority.create();
  undo.push(() => rm(authority.folder, { recursive: true, force: true }));

  const redis = new ManagedRedis({
    address: NETWORK.node,
    certificate: await authority.issue(`DNS:${REDIS_HOST}`),
    authority: authority.file,
  });
  undo.push(() => redis.stop());
  const account = new Account(behaviors(redis));
  const tokens = new SecurityTokens(account, async () =>
    parseJwks(await kubectl(["get", "--raw", "/openid/v1/jwks"])),
  );
  const apis = new Apis(account, tokens);
  const publicRegistries = await publish(cluster.registry, authority, scratch);
  const store = await startStore();
  undo.push(store.stop);
  const registry = new EcrRegistry({
    account,
    store: store.url,
    login: (password) => apis.principalOf(password),
    upstream: publicRegistries,
  });

  const registryHost = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
  const sites: Record<string, Site> = {
    [registryHost]: registry.site,
    [`api.ecr.${REGION}.amazonaws.com`]: apis.ecr,
    [`sts.${REGION}.amazonaws.com`]: tokens.site,
    [`secretsmanager.${REGION}.amazonaws.com`]: apis.secretsManager,
    [`elasticloadbalancing.${REGION}.amazonaws.com`]: apis.loadBalancing,
    [PACKAGE_INDEX_HOST]: await packageIndex(),
    ...Object.fromEntries(publicRegistries.hosts.map((host) => [host, publicRegistries.site])),
  };
  const balancer = loadBalancer(account, apis);
  const hosts = Object.keys(sites);
  const certificate = await authority.issue(
    `IP:${NETWORK.node}`,
    ...[...hosts, `*.${ZONE}`, `*.production.${ZONE}`].map((host) => `DNS:${host}`),
  );
  const front = await Front.listen(NETWORK.node, certificate, (host) =>
    host.endsWith(ZONE) ? balancer : sites[host],
  );
  undo.push(() => front.close());
  await resolveInPods(kubectl, [
    ...hosts.filter((host) => host.endsWith("amazonaws.com")),
    PACKAGE_INDEX_HOST,
    REDIS_HOST,
  ]);
  await pullOnNode(registryHost, authority.file, apis.nodesPassword);
  const webhook = await podIdentityWebhook(kubectl, { authority, address: NETWORK.node, region: REGION });
  undo.push(webhook.close);
  const volumes = volumeDriver(kubectl, { provisioner: "ebs.csi.aws.com", folder: join(scratch, "volumes") });
  undo.push(volumes.close);

  const project = await copyProject();
  undo.push(() => rm(project, { recursive: true, force: true }));
  const backend = join(scratch, "state");
  const passphrase = randomBytes(12).toString("hex");
  const names = new URL("network/names.mjs", import.meta.url).href;
  const password = apis.passwordFor({ name: "deployer", may: () => true });
  const env = {
    PATH: `${await cloudCommand(scratch, { kubectl, password })}:${process.env["PATH"] ?? ""}`,
    HOME: scratch,
    DOCKER_CONFIG: join(scratch, "docker"),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    NODE_OPTIONS: `--import=${names}`,
    NODE_EXTRA_CA_CERTS: authority.file,
    WALK_HOSTS: [...hosts, `*.${ZONE}`].join(","),
    WALK_ADDRESS: NETWORK.node,
    ...packageIndexes(),
  };
  await mkdir(backend, { recursive: true });
  const surroundings = {
    project,
    backend,
    passphrase,
    env,
    providers: (name: string) => (name === "aws" ? account.provider() : undefined),
  };
  return { surroundings, kubectl, account, registry, tokens, apis, front, authority, store: store.url };
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

/**
 * Builds the images of the platform and publishes them under the names of `images.sources.json`. Images for which this machine has no
 * program get the stand-in of the operators. All trust the authority of the walk.
 */
async function publish(
  local: { host: string; url: string; authFile: string },
  authority: Authority,
  scratch: string,
): Promise<PublicRegistries> {
  const { images } = await buildImages(lineProgress(), {
    registry: local,
    only: STACK_IMAGES,
    lockFile: join(scratch, "images.lock.json"),
  });
  const registry = await connectImageRegistry(local);
  const built = (name: keyof typeof images): PublicImage => {
    const image = images[name];
    if (image === undefined) throw new Error(`image ${name} is not built`);
    return { repository: image.repository, digest: image.digest };
  };
  const trust = { "/etc/walk/authority.crt": await readFile(authority.file, "utf8") };
  const env = { NODE_EXTRA_CA_CERTS: "/etc/walk/authority.crt" };
  const runtime = await deriveImage(registry, {
    from: built("runtime"),
    to: "walk/runtime",
    files: trust,
    env,
  });
  const program = await readFile(new URL("operators/operator.mjs", import.meta.url), "utf8");
  const operator = await deriveImage(registry, {
    from: built("runtime"),
    to: "walk/operator",
    files: {
      ...trust,
      "/etc/walk/operator.mjs": program,
      "/app/cluster-autoscaler": '#!/usr/local/bin/node\nimport("/etc/walk/operator.mjs");\n',
    },
    env,
    entrypoint: ["/usr/local/bin/node", "/etc/walk/operator.mjs"],
  });
  const { images: sources } = await loadImageSources(
    new URL("../../../images.sources.json", import.meta.url).pathname,
  );
  const published = Object.entries(sources).map(([name, { reference }]): [string, PublicImage] => [
    reference,
    name in images
      ? built(name as keyof typeof images)
      : OPERATORS.includes(name)
        ? { repository: "walk/operator", digest: operator }
        : built("redis"), // no node has a GPU, so nothing runs it
  ]);
  return new PublicRegistries(
    new Map([...published, [RUNTIME_IMAGE, { repository: "walk/runtime", digest: runtime }]]),
    registry,
  );
}

/** Writes an `aws` command that logs in to the registry and to the cluster. Returns its folder. */
async function cloudCommand(
  scratch: string,
  { kubectl, password }: { kubectl: Kubectl; password: string },
): Promise<string> {
  await apply(
    kubectl,
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "kube-system" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "deployer" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: "kube-system" }],
    },
  );
  const token = await kubectl(["--namespace=kube-system", "create", "token", "deployer", "--duration=12h"]);
  const credential = {
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: { token: token.trim() },
  };
  const folder = join(scratch, "bin");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "aws"),
    `#!/bin/sh
case "$1 $2" in
  "ecr get-login-password") echo ${password} ;;
  "eks get-token") echo '${JSON.stringify(credential)}' ;;
  *) echo "aws: unexpected: $*" >&2; exit 252 ;;
esac
`,
  );
  await chmod(join(folder, "aws"), 0o700);
  return folder;
}
