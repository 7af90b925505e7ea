import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NETWORK, PATHS } from "../../../../local/cluster/layout.ts";

/** Tells the container runtime of the node where a registry is, which authority it has, and the header by which the nodes pull. */
export async function pullOnNode({
  host,
  authority,
  authorization,
}: {
  host: string;
  authority: string;
  authorization: string;
}): Promise<void> {
  const folder = join(PATHS.config(), "registries", host);
  const url = `https://${NETWORK.node}`;
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "hosts.toml"),
    `server = "${url}"

[host."${url}"]
  capabilities = ["pull", "resolve"]
  ca = "${authority}"
  [host."${url}".header]
    authorization = "${authorization}"
`,
    { mode: 0o600 },
  );
}
