import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ADDRESS = "127.0.0.1:15443";

/** Starts the registry behind the account's one. It asks for no account and listens on loopback alone. */
export async function startStore(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "cloud-walk-registry-"));
  const config = join(folder, "config.yml");
  await writeFile(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(folder, "data")} }, delete: { enabled: true } }
http: { addr: "${ADDRESS}", relativeurls: true }
`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const url = `http://${ADDRESS}`;
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let attempt = 0; !(await isUp()); attempt++) {
    if (attempt > 100 || child.exitCode !== null) throw new Error("docker-registry does not answer");
    await sleep(100);
  }
  return {
    url,
    stop: async () => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
