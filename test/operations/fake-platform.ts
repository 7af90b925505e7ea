import type { Progress } from "../../local/progress.ts";
import type { Platform } from "../../operations/platform.ts";
import { toStackFile } from "../../operations/stack/load-stack-file.ts";
import { platformOutputsSchema, type PlatformOutputs } from "../../stacks/platform-outputs.ts";
import type { FakeRegistry } from "./fake-registry.ts";

export const FILE = `config:
  slipway:environments:
    staging: { services: { pushback: { workload: flight-delays, model: { follow: challenger } } } }
    production: { services: { pushback: { workload: flight-delays, model: { follow: champion } } } }
`;

/** Progress that runs every step and writes down titles and notes. */
export function recordedProgress(): Progress & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    note: (message) => void lines.push(message),
    step: (title, work) => {
      lines.push(title);
      return work({ update: () => undefined, cached: () => undefined, skipped: () => undefined });
    },
  };
}

/** A service of the workload flight-delays. */
export function serviceOf(environment: string, digest: string): PlatformOutputs["services"][number] {
  return {
    name: "pushback",
    model: "pushback",
    workload: "flight-delays",
    environment,
    namespace: environment,
    url: `http://pushback.${environment}.svc:8080`,
    publicUrl: null,
    address: "10.96.1.1:8080",
    digest,
    reference: `flight-delays/pushback/model@${digest}`,
    driftJob: "pushback-drift",
  };
}

export function outputsWith(services: PlatformOutputs["services"], more: object = {}): PlatformOutputs {
  return platformOutputsSchema.parse({
    workloads: ["flight-delays"],
    services,
    training: { namespace: "platform", templates: {} },
    featureStore: { namespace: "platform", url: "redis://r" },
    monitoring: {
      namespace: "monitoring",
      prometheus: "http://p",
      alertmanager: "http://a",
      pushgateway: "http://g",
    },
    alertReceiver: null,
    ...more,
  });
}

/** A platform with a registry over HTTP. A deployment points every service at the tag that it follows. */
export function fakePlatform(
  registry: FakeRegistry,
  { text = FILE, more = {} }: { text?: string; more?: object } = {},
): { platform: Platform; asked: string[]; deployed: Map<string, string> } {
  const asked: string[] = [];
  const deployed = new Map<string, string>();
  const repository = "flight-delays/pushback/model";
  const platform = {
    flags: { stack: "dev" },
    registry: registry.client,
    stackFile: () => Promise.resolve(toStackFile({ stack: "dev", file: "Pulumi.dev.yaml", path: "", text })),
    deploy: (title: string) => {
      asked.push(title);
      for (const [environment, tag] of [
        ["staging", "challenger"],
        ["production", "champion"],
      ] as const) {
        const digest = registry.tags.get(`${repository}:${tag}`);
        if (digest !== undefined) deployed.set(environment, digest);
      }
      return Promise.resolve();
    },
    outputs: () =>
      Promise.resolve(
        outputsWith(
          [...deployed].map(([environment, digest]) => serviceOf(environment, digest)),
          more,
        ),
      ),
  } as unknown as Platform;
  return { platform, asked, deployed };
}
