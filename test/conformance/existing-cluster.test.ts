import { KubeConfig } from "@kubernetes/client-node";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { NETWORK, PATHS, REGISTRY_HOST } from "../../local/cluster/layout.ts";
import { ensureRegistryAccounts } from "../../local/cluster/registry-accounts.ts";
import { buildImages } from "../../local/images/build-images.ts";
import { STACK_IMAGES } from "../../local/images/plan-images.ts";
import { lineProgress } from "../../local/progress.ts";
import { Authority } from "../e2e/cloud-walk/network/authority.ts";
import { startTlsRegistry } from "./tls-registry.ts";
import { STACK, testWholeStack } from "./whole-stack.ts";

/** Prefix of the repositories of the team in its registry. */
const PREFIX = "team";

await testWholeStack({
  name: "existing-cluster",
  title:
    "a stack on a cluster and a registry of a user (--context, --registry), with a pulumi CLI on the PATH",
  prepare: async () => {
    const authority = await Authority.create();
    const certificate = await authority.issue(`IP:${NETWORK.node}`);
    const registry = await startTlsRegistry(certificate);
    const folders = [authority.folder, await trustOnNode(registry.host, authority.file)];
    const dockerConfig = path.join(authority.folder, "docker");
    await logIn(registry.host, dockerConfig);
    // Pushed to the registry behind it, because this process does not trust the authority.
    await buildImages(lineProgress(), {
      registry: {
        host: `${REGISTRY_HOST}/${PREFIX}`,
        url: `http://${REGISTRY_HOST}/${PREFIX}`,
        authFile: PATHS.registryAuth(),
      },
      only: STACK_IMAGES,
    });
    return {
      flags: {
        stack: STACK,
        context: await currentContext(),
        registry: `${registry.host}/${PREFIX}`,
      },
      env: {
        KUBECONFIG: PATHS.kubeconfig(),
        DOCKER_CONFIG: dockerConfig,
        NODE_EXTRA_CA_CERTS: authority.file, // for the program, which is a process of its own
      },
      close: async () => {
        await registry.close();
        for (const folder of folders) await rm(folder, { recursive: true, force: true });
      },
    };
  },
});

/** Tells the container runtime of the node which authority the registry has. Returns the folder. The account is in a pull secret. */
async function trustOnNode(host: string, authority: string): Promise<string> {
  const folder = path.join(PATHS.config(), "registries", host);
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, "hosts.toml"),
    `server = "https://${host}"

[host."https://${host}"]
  capabilities = ["pull", "resolve"]
  ca = "${authority}"
`,
  );
  return folder;
}

/** Returns the context of the kubeconfig of the local cluster. */
async function currentContext(): Promise<string> {
  const kube = new KubeConfig();
  kube.loadFromString(await readFile(PATHS.kubeconfig(), "utf8"));
  return kube.getCurrentContext();
}

/** Writes what `docker login` would. */
async function logIn(host: string, folder: string): Promise<void> {
  const { username, password } = (await ensureRegistryAccounts()).writer;
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }), {
    mode: 0o600,
  });
}
