import { escapeMarkdown } from "./escape-markdown.ts";
import { columns } from "./text-columns.ts";
import type { InferenceCost, ServiceCost } from "../estimate/cost-estimate.ts";

/** Formats US dollars with two significant digits, without an exponent: `$0.000012`, `$1.3`, `$240`. */
export function formatFineUsd(usd: number): string {
  if (usd === 0) return "$0";
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toFixed(Math.min(12, decimals))}`;
}

const HEADINGS = ["SERVICE", "MODEL", "PODS", "PER HOUR", "ROWS", "REQUESTS/S", "PER 1000"];

/** Formats the cost of services as lines for a terminal; no lines if the plan has no services. */
export function servicesText(services: readonly ServiceCost[]): string[] {
  if (services.length === 0) return [];
  return [
    "",
    ...columns([HEADINGS, ...services.flatMap(rows)]),
    ...unique(services.flatMap(notes)).map((note) => `- ${note}`),
  ];
}

/** Formats the cost of services as lines of Markdown; no lines if the plan has no services. */
export function servicesMarkdown(services: readonly ServiceCost[]): string[] {
  if (services.length === 0) return [];
  return [
    "",
    "| service | model | pods | per hour | rows | requests/s | per 1000 inferences |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ...services
      .flatMap(rows)
      .map(
        (row) => `| ${row.map((text, column) => (column < 2 ? escapeMarkdown(text) : text)).join(" | ")} |`,
      ),
    "",
    ...unique(services.flatMap(notes)).map((note) => `- ${escapeMarkdown(note)}`),
  ];
}

function rows({ service, model, replicas, hourlyUsd, inferences }: ServiceCost): string[][] {
  const about = [service, model, String(replicas), hourlyUsd === undefined ? "?" : formatFineUsd(hourlyUsd)];
  if (inferences.length === 0) return [[...about, "", "", "not known"]];
  return inferences.map(({ rowsPerRequest, requestsPerSecond, usdPerThousand }) => [
    ...about,
    String(rowsPerRequest),
    String(Math.round(requestsPerSecond)),
    formatFineUsd(usdPerThousand),
  ]);
}

function notes({ service, pool, inferences, unknown }: ServiceCost): string[] {
  return [
    ...(pool === undefined
      ? []
      : [`${service}: its share of a node of ${pool.name} (${pool.machine}${pool.spot ? ", spot" : ""})`]),
    ...(unknown === undefined ? [] : [`${service}: ${unknown}`]),
    ...inferences.map((measured) => `${service}: ${origin(measured)}`),
  ];
}

function origin(measured: InferenceCost): string {
  const { rowsPerRequest, cores, machine, date, source, sameDigest, digest } = measured;
  const rows = `${rowsPerRequest} ${rowsPerRequest === 1 ? "row" : "rows"} per request`;
  const version = sameDigest ? "" : `, of another version (${digest.slice(0, 19)})`;
  return `${rows} at full load, ${round(cores)} cores per pod; measured on ${date} on ${machine} by ${source}${version}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
