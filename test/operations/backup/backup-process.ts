// A backup in a process of its own, to be killed: backup-process.ts REGISTRY FOLDER REPOSITORY…
import { silentProgress } from "../../../local/progress.ts";
import { backUpRegistry } from "../../../operations/backup/back-up-registry.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";

const [url = "", directory = "", ...repositories] = process.argv.slice(2);
await backUpRegistry(silentProgress, { registry: registryClient({ url }), directory, repositories });
