import { modelCardSchema, modelExamplesSchema } from "../../runtime/contract/model-card.ts";
import type { Platform } from "../../operations/platform.ts";
import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import { table } from "../table.ts";
import type { PlatformStatus } from "../../operations/status/platform-status.ts";

const short = (digest: string): string => digest.slice(0, "sha256:".length + 12);
const fixed = (value: number | null, digits: number): string =>
  value === null ? "-" : value.toFixed(digits);

/** The status as tables for a person. */
export function renderStatus(status: PlatformStatus): string {
  const { cluster, stack, model, refused, services, managed, drift, alerts, waiting } = status;
  const sections = [
    table(
      ["part", "state"],
      [
        [
          "cluster",
          cluster.ready ? `ready at ${cluster.server}` : `not ready: ${cluster.reason ?? "unknown"}`,
        ],
        ...(cluster.memoryMib === undefined ? [] : [["memory", `${cluster.memoryMib} MiB, pods included`]]),
        ["stack", `${stack.name}: ${stack.resources} resources (${stack.engine})`],
        [
          "model",
          model === null
            ? "none in production"
            : `${model.name} ${short(model.digest)}, AUC ${model.auc.toFixed(4)}, gate ${model.gate}`,
        ],
        ...refused.map(({ name, auc, reason }) => ["refused", `${name}, AUC ${auc.toFixed(4)}: ${reason}`]),
        ...waiting.map(({ pod, reason }) => ["waiting", `${pod}: ${reason}`]),
      ],
    ),
  ];
  if (services.length > 0)
    sections.push(
      table(
        ["service", "environment", "ready", "p50 ms", "p99 ms", "digest", "url"],
        services.map(({ name, environment, ready, p50Ms, p99Ms, digest, url }) => [
          name,
          environment,
          ready ? "yes" : "no",
          fixed(p50Ms, 2),
          fixed(p99Ms, 2),
          short(digest),
          url,
        ]),
      ),
    );
  if (managed.length > 0)
    sections.push(
      table(
        ["outside the cluster", "environment", "target", "digest", "canary", "url"],
        managed.map(({ name, environment, target, digest, canaryDigest, url }) => [
          name,
          environment,
          target,
          short(digest),
          canaryDigest === null ? "-" : short(canaryDigest),
          url ?? "-",
        ]),
      ),
    );
  if (drift.length > 0)
    sections.push(
      table(
        ["drift of", "environment", "max PSI", "variable", "rows", "at"],
        drift.map(({ name, environment, maxPsi, variable, rows, window }) => [
          name,
          environment,
          fixed(maxPsi, 3),
          variable ?? "-",
          rows,
          window,
        ]),
      ),
    );
  if (alerts.length > 0)
    sections.push(
      table(
        ["alert", "state", "severity", "about"],
        alerts.map(({ name, state, severity, labels }) => [
          name,
          state,
          severity,
          labels["model"] ?? labels["service"] ?? labels["namespace"] ?? "-",
        ]),
      ),
    );
  return sections.join("\n\n");
}

/** A curl line that asks the service in production for the score of a real flight, and the score that it gives. */
export async function exampleRequest(platform: Platform): Promise<string | undefined> {
  const service = (await platform.outputs()).services.find(({ environment }) => environment === "production");
  if (service === undefined) return undefined;
  const card = await readArtifactJson(
    platform.registry,
    service.reference,
    "model",
    "model-card.json",
    modelCardSchema,
  );
  const examples = await readArtifactJson(
    platform.registry,
    service.reference,
    "model",
    "examples.json",
    modelExamplesSchema,
  );
  const [row = [], score = 0] = [examples.rows[0], examples.scores[0]];
  const body = { inputs: [{ ...card.input, shape: [1, row.length], data: row }] };
  const url = `http://${service.address}/v2/models/${card.name}/infer`;
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'\n# expect ${score.toFixed(6)}`;
}
