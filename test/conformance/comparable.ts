import { isDefaultProvider } from "../../local/engine/urn.ts";
import { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_SENTINEL } from "../../local/engine/values/signatures.ts";
import { nameOf, type Outcome, type SeenStep, type StateResource } from "./outcome.ts";
import { orderViolations } from "./order.ts";

/** Keys of a state's resource that two runs of one engine do not have alike. */
const TIMES = ["created", "modified", "sourcePosition", "stackTrace"];
/** Fields that the API server sets. */
const SERVER_FIELDS = [
  "creationTimestamp",
  "managedFields",
  "resourceVersion",
  "uid",
  "clusterIP",
  "clusterIPs",
  "lastTransitionTime",
  "lastUpdateTime",
];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** End of an autonamed object's name, or of a field manager's. */
const RANDOM_SUFFIX = /-[0-9a-f]{7,8}(?![0-9a-z])/g;

/** Returns an outcome in a form that two engines share: no times, no random parts, no order among independent steps. */
export function comparableOutcome(outcome: Outcome, namespace: string): Record<string, unknown> {
  const text = textReplacer(outcome.after, namespace);
  const shown = (value: unknown): unknown => comparable(value, text);
  return {
    ok: outcome.ok,
    failed: outcome.failed
      .filter((urn) => !isDefaultProvider(urn))
      .map(nameOf)
      .map(text)
      .sort(),
    steps: countsByText(
      outcome.steps.filter(readsOrWrites).map(({ op, urn }) => text(`${op} ${nameOf(urn)}`)),
    ),
    diffs: Object.fromEntries(
      outcome.steps
        .filter(({ op, diff }) => op !== "same" && diff && Object.keys(diff).length > 0)
        .map(({ op, urn, diff }) => [text(`${op} ${nameOf(urn)}`), shown(diff)]),
    ),
    order: orderViolations(outcome).map(text),
    ...(outcome.previewOutputs ? { previewOutputs: shown(outcome.previewOutputs) } : {}),
    state: Object.fromEntries(
      outcome.after
        .filter(({ urn }) => !isDefaultProvider(urn))
        .map((resource) => [
          text(nameOf(resource.urn)) + (resource.delete ? " (to delete)" : ""),
          shown(withoutNothing(resource)),
        ]),
    ),
  };
}

/** False for the refresh of what no server has: the CLI counts a step for it. */
function readsOrWrites({ op, urn }: SeenStep): boolean {
  const type = nameOf(urn).split(" ")[0] ?? "";
  return op !== "refresh" || !(type.startsWith("pulumi:") || type.startsWith("test:"));
}

function countsByText(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

function withoutNothing(resource: StateResource): Record<string, unknown> {
  const { propertyDependencies, outputs, initErrors, ...rest } = resource;
  const comparedToo = {
    // The CLI leaves out properties that depend on nothing once it has refreshed a resource.
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies ?? {})
        .filter(([, urns]) => urns.length > 0)
        .map(([key, urns]) => [key, [...urns].sort()]),
    ),
    // What controllers had written until the moment of the last answer.
    outputs: Object.fromEntries(Object.entries(outputs ?? {}).filter(([key]) => key !== "status")),
    // Each engine has its own words.
    initErrors: (initErrors?.length ?? 0) > 0,
  };
  return Object.fromEntries(
    Object.entries({ ...rest, ...comparedToo }).filter(
      ([key, value]) => !TIMES.includes(key) && !isNothing(value),
    ),
  );
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Replaces what differs from run to run in any text or object. */
function comparable(value: unknown, text: (text: string) => string, key = ""): unknown {
  if (value === UNKNOWN_SENTINEL) return "[unknown]";
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, text));
    return ["dependencies", "aliases"].includes(key) ? items.sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  if (map[SIGNATURE_KEY] === SECRET_SIGNATURE && typeof map["plaintext"] === "string")
    return { "[secret]": comparable(JSON.parse(map["plaintext"]), text) };
  // Events of the CLI show secrets in this form, and unknown values as its sentinel; the engine shows both in words.
  if (map[SIGNATURE_KEY] === SECRET_SIGNATURE) return "[secret]";
  return Object.fromEntries(
    Object.entries(map)
      .filter(([name]) => !SERVER_FIELDS.includes(name))
      .map(([name, inner]) => [text(name), comparable(inner, text, name)]),
  );
}

/** Returns a function that replaces the run's own namespace, ids and random values in a text by the form that they have. */
function textReplacer(resources: readonly StateResource[], namespace: string): (text: string) => string {
  const drawn = resources.filter(({ type }) => type.startsWith("random:")).flatMap(drawnValues);
  drawn.sort(([a], [b]) => b.length - a.length);
  return (text) => {
    let result = text.replaceAll(namespace, "NAMESPACE");
    for (const [value, form] of drawn) result = result.replaceAll(value, form);
    return result.replace(UUID, "UUID").replace(RANDOM_SUFFIX, "-SUFFIX");
  };
}

function plain(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret ? (JSON.parse(String(value.plaintext)) as unknown) : value;
}

/** Random values of a resource, each with its form: which output it is and its length, unless the length is random too. */
function drawnValues({ urn, id = "", outputs = {} }: StateResource): [string, string][] {
  const values = Object.entries({ id, ...outputs }).map(([key, value]): [string, unknown] => [
    key,
    plain(value),
  ]);
  return values
    .filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].length >= 4)
    .filter(([, value]) => value !== "none")
    .map(([key, value]) => [
      value,
      `<random ${nameOf(urn)} ${key === "id" ? "b64Url" : key}${key === "dec" ? "" : ` of ${value.length}`}>`,
    ]);
}
