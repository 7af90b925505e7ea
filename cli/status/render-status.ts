import type { PlatformStatus, ServiceStatus } from "../../operations/status/platform-status.ts";
import { metricText } from "../metric-text.ts";
import { table } from "../table.ts";

const short = (digest: string | null): string =>
  digest === null ? "-" : digest.slice(0, "sha256:".length + 12);
const fixed = (value: number | null, digits: number): string =>
  value === null ? "-" : value.toFixed(digits);

type Section = [headings: string[], rows: (string | number)[][]];

/** Renders the status as tables for a person. A table without rows is left out. */
export function renderStatus(status: PlatformStatus): string {
  const sections: Section[] = [
    [["part", "state"], partRows(status)],
    [
      ["problem", "reason", "what mends it"],
      status.problems.map(({ about, reason, fix }) => [about, reason, fix]),
    ],
    [
      ["model", "workload", "metric", "gate", "newest", "in production"],
      status.models.map(({ name, workload, metric, gate, newest, champion }) => [
        name,
        workload,
        metric === null ? "-" : metricText(metric),
        gate,
        short(newest),
        short(champion),
      ]),
    ],
    [
      ["service", "environment", "ready", "p50 ms", "p99 ms", "digest", "url"],
      status.services.map((service) => [
        service.name,
        service.environment,
        `${service.readyReplicas}/${service.wantedReplicas ?? "?"}`,
        fixed(service.p50Ms, 2),
        fixed(service.p99Ms, 2),
        service.answering.map(short).join(" ") || "-",
        service.url,
      ]),
    ],
    [
      ["published service", "environment", "url for callers from outside"],
      status.services.flatMap(({ name, environment, publicUrl }) =>
        publicUrl === null ? [] : [[name, environment, publicUrl]],
      ),
    ],
    [
      ["outside the cluster", "environment", "target", "digest", "canary", "url"],
      status.managed.map(({ name, environment, target, digest, canaryDigest, url }) => [
        name,
        environment,
        target,
        short(digest),
        short(canaryDigest),
        url ?? "-",
      ]),
    ],
    [
      ["accepted", "environment", "digest", "although its gate refuses it, because"],
      status.accepted.map(({ name, environment, digest, reason }) => [
        name,
        environment,
        short(digest),
        reason,
      ]),
    ],
    [
      ["drift of", "environment", "PSI", "limit", "variable", "rows", "at"],
      status.drift.map(({ name, environment, maxPsi, limit, variable, rows, window }) => [
        name,
        environment,
        fixed(maxPsi, 3),
        fixed(limit, 3),
        variable ?? "-",
        rows,
        window,
      ]),
    ],
    [
      ["alert", "state", "severity", "about"],
      unique(
        status.alerts.map(({ name, state, severity, labels }) => [name, state, severity, about(labels)]),
      ),
    ],
    [["page", "address"], status.pages.map(({ name, address }) => [name, address])],
  ];
  return [
    ...sections.filter(([, rows]) => rows.length > 0).map(([headings, rows]) => table(headings, rows)),
    ...status.services.flatMap(exampleLines),
  ].join("\n\n");
}

function partRows({ cluster, stack, problems, models, services, waiting }: PlatformStatus): string[][] {
  // The reason is long, and stands under PROBLEM.
  const isProblem = problems.some(({ about }) => about === "cluster");
  const notReady = isProblem ? "not ready" : `not ready: ${cluster.reason ?? "unknown"}`;
  return [
    ["cluster", cluster.ready ? `ready at ${cluster.server}` : notReady],
    ...(cluster.memoryMib === undefined ? [] : [["memory", `${cluster.memoryMib} MiB, pods included`]]),
    ["stack", `${stack.name}: ${stack.resources} resources (${stack.engine})`],
    ...models.flatMap(({ name, reason }) => (reason === null ? [] : [["refused", `${name}: ${reason}`]])),
    ...models.flatMap(({ name, changed, champion }) =>
      changed.length === 0
        ? []
        : [
            [
              "changed",
              `${name}: ${changed.join(" and ")} changed since ${champion === null ? "its last training" : "the version for production was trained"}: npm run train -- --model ${name}`,
            ],
          ],
    ),
    ...services.flatMap(({ environment, name, rollout }) =>
      rollout === null ? [] : [["rollout", `${environment}/${name} ${rollout}`]],
    ),
    ...waiting.map(({ pod, reason }) => ["waiting", `${pod}: ${reason}`]),
  ];
}

/** Returns curl lines that ask a service for the prediction of a real row: with its whole input and the expected score, and as a caller knows it. */
function exampleLines({ environment, name, model, example, predict }: ServiceStatus): string[] {
  if (example === null) return [];
  return [
    `Ask ${environment}/${name}${model === name ? "" : ` (model ${model})`}:`,
    `${curl(example)}\n# expect ${example.expected.toFixed(6)}`,
    ...(predict === null ? [] : [curl(predict)]),
  ];
}

function curl({ url, body }: { url: string; body: string }): string {
  // A quote within the quotes of a shell.
  return `curl -s ${url} -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
}

/** `ENVIRONMENT/SERVICE` of an alert, as far as its labels say. */
function about(labels: Readonly<Record<string, string>>): string {
  const parts = [labels["environment"] ?? labels["namespace"], labels["service"] ?? labels["model"]];
  return parts.filter((part) => part !== undefined).join("/") || "-";
}

/** An alert that fires over several windows has one row. */
function unique(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row.join("\n"), row])).values()];
}
