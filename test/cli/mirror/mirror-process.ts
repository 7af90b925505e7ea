// A mirroring in a process of its own, to be killed: mirror-process.ts TARGET SOURCES LOCK DOCKER_CONFIG
import { mirrorImages } from "../../../cli/mirror/mirror-images.ts";
import { lineProgress } from "../../../local/progress.ts";
import { connectRegistry } from "../../../operations/connect-registry.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";

const [target = "", sourcesFile = "", lockFile = "", dockerConfig = ""] = process.argv.slice(2);
await mirrorImages(lineProgress(), {
  target: registryClient({ url: target }),
  sourcesFile,
  lockFile,
  connect: (source) => connectRegistry({ ...source, credentialsFile: dockerConfig }, {}),
});
