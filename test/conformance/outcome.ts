/** What an operation of one engine did, in a form in which two engines can be compared. */
export interface Outcome {
  ok: boolean;
  /** `op type name`, sorted; steps that change nothing included, default providers left out. */
  steps: string[];
  /** `op type name` → paths that differ, sorted. */
  diffs: Record<string, string[]>;
  /** Resources of the state by URN. */
  state: Record<string, unknown>;
  /** Why it failed, in the engine's own words: shown, and not compared. */
  messages: string[];
}

interface StateResource {
  urn: string;
  id?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

/** Keys of a state's resource that two runs of one engine do not have alike. */
const TIMES = ["created", "modified", "sourcePosition", "stackTrace"];
/** Fields that the API server sets. */
const SERVER_FIELDS = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
  "clusterIP",
  "clusterIPs",
  "observedGeneration",
  "lastTransitionTime",
  "lastUpdateTime",
];

export interface Replacements {
  /** Namespace of this run. */
  namespace: string;
}

/** Brings the resources of a deployment into a form that two runs share: names without their random part, no times. */
export function comparableState(
  resources: readonly StateResource[],
  { namespace }: Replacements,
): Record<string, unknown> {
  const named = resources.filter(({ urn }) => !urn.includes("::default_"));
  return Object.fromEntries(
    named
      .map((resource): [string, unknown] => {
        const kept = Object.fromEntries(
          Object.entries(resource).filter(([key, value]) => !TIMES.includes(key) && !isEmpty(value)),
        );
        return [String(resource.urn), comparable(kept, namespace)];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Replaces what differs from run to run in any text or object. */
export function comparable(value: unknown, namespace: string): unknown {
  if (typeof value === "string") return comparableText(value, namespace);
  if (Array.isArray(value)) return value.map((item) => comparable(item, namespace));
  if (typeof value !== "object" || value === null) return value;
  const map = value as Record<string, unknown>;
  // A secret is sealed anew by each run.
  if ("4dabf18193072939515e22adb298388d" in map && "ciphertext" in map) return "[secret]";
  return Object.fromEntries(
    Object.entries(map)
      .filter(([key]) => !SERVER_FIELDS.includes(key))
      .map(([key, inner]): [string, unknown] => [
        comparableText(key, namespace),
        key === "dependencies" && Array.isArray(inner)
          ? inner.map((item) => comparable(item, namespace)).sort()
          : comparable(inner, namespace),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function comparableText(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, "NAMESPACE")
    .replace(
      /(::default_[^:]*|::[^:]+)::[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      "$1::ID",
    )
    .replace(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "ID")
    .replace(/-[0-9a-f]{8}(?=$|")/g, "-SUFFIX");
}
