import type { ApiError } from "./api-error.ts";
import { at, isObject, same } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";
import { describe, isSecret } from "./kube-object.ts";
import { formatPath } from "./property-path.ts";
import type { PropertyPath } from "./property-path.ts";

/** A field that an object declares and another manager owns with another value. */
export interface Conflict {
  /** As the server writes it, such as `spec.template.spec.containers[name="app"].image`. */
  field: string;
  /** Such as `kubectl` or `kube-controller-manager`. */
  manager: string;
  /** Such as `scale`, where the manager changed the field through it. */
  subresource?: string;
}

/** Reads the conflicts out of the server's refusal; empty if the refusal is about something else. */
export function conflictsOf(error: ApiError): Conflict[] {
  if (error.status !== 409) return [];
  return error.causes
    .filter((cause) => cause.reason === "FieldManagerConflict")
    .map(({ field, message }) => {
      const match = /^conflict with "((?:[^"\\]|\\.)*)"(?: with subresource "([^"]*)")?/.exec(message);
      return { field: field.replace(/^\./, ""), manager: match?.[1] ?? message, subresource: match?.[2] };
    });
}

/** Names of controllers. Every other manager counts as a person with a tool: kubectl, a dashboard, a browser, a script. */
const CONTROLLERS = [
  /(^|[-_.])(controller|controllers|operator|autoscaler|scaler|scheduler|recommender|updater|provisioner)(-manager)?$/,
  /^(argocd|argo-cd|argo-rollouts|rollouts|flux|keda|vpa|helm|karpenter|crossplane|kubelet|fleet)([-_.]|$)/i,
  /^pulumi-kubernetes-/, // another resource, of this program or of another stack
];

/** Whether the manager is a program that will go on changing the field, such as an autoscaler. */
export function isController(manager: string): boolean {
  return CONTROLLERS.some((pattern) => pattern.test(manager));
}

/** The error of a conflict: it names the owner of each field and the ways out. */
export class FieldConflict extends Error {
  readonly conflicts: Conflict[];

  constructor(object: JsonObject, conflicts: Conflict[], cause: ApiError) {
    const owned = conflicts.map(({ field, manager }) => `${field} (by ${manager})`).join(", ");
    const paths = conflicts.map(({ field }) => JSON.stringify(formatPath(locate(object, field)))).join(", ");
    const byController = conflicts.some(({ manager }) => isController(manager));
    const fixes = byController
      ? `leave them to the controller with ignoreChanges: [${paths}], or remove what makes the controller change them`
      : `let the run take them back (option takeBack), set them to the program's values with kubectl edit, or leave ` +
        `them to the others with ignoreChanges: [${paths}]`;
    super(`${describe(object)}: others changed what this resource declares: ${owned}; ${fixes}`, { cause });
    this.name = "FieldConflict";
    this.conflicts = conflicts;
  }
}

/** Describes a field for a `took back` line: the field, its owner and, where it cannot be a secret, its value. */
export function describeTaken(conflict: Conflict, live: JsonObject | undefined, tense: "was" | "is"): string {
  const path = live === undefined ? undefined : locate(live, conflict.field);
  const value = path === undefined ? undefined : at(live, ...path);
  const shown = value === undefined || live === undefined || mayBeSecret(live, path ?? [], value);
  const field = path === undefined ? conflict.field : formatPath(path);
  return `${field} from ${conflict.manager}${shown ? "" : ` (${tense} ${JSON.stringify(value)})`}`;
}

const SECRET_STEPS = new Set<unknown>(
  "data stringData binaryData env args command annotations parameters".split(" "),
);

function mayBeSecret(object: JsonObject, path: PropertyPath, value: Json): boolean {
  if (typeof value === "object" || isSecret(object)) return true;
  return typeof value === "string" && (value.length > 120 || path.some((step) => SECRET_STEPS.has(step)));
}

/**
 * Finds the path of a field that the server names. The server writes the keys of list items in brackets and quotes no dots,
 * so the object itself has to tell where a key ends.
 */
function locate(object: Json, field: string): PropertyPath {
  const path: PropertyPath = [];
  let current: Json | undefined = object;
  for (let rest = field; rest !== "";) {
    const bracket = /^\[([^\]]*)\]/.exec(rest);
    if (bracket !== null) {
      const step = indexOf(current, bracket[1] ?? "");
      if (step === undefined) break;
      path.push(step);
      rest = rest.slice(bracket[0].length);
    } else {
      rest = rest.replace(/^\./, "");
      const keys: string[] = isObject(current) ? Object.keys(current) : [];
      const fitting = keys.filter(
        (key) => rest === key || (/^[.[]/.test(rest.slice(key.length)) && rest.startsWith(key)),
      );
      const key: string = fitting.sort((a, b) => b.length - a.length)[0] ?? rest.split(/[.[]/)[0] ?? rest;
      path.push(key);
      rest = rest.slice(key.length);
    }
    current = at(current, path.at(-1) ?? "");
  }
  return path;
}

/** `name="app"`, `containerPort=80,protocol="TCP"`, `="value"` or `3`, in a list. */
function indexOf(list: Json | undefined, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!Array.isArray(list)) return undefined;
  const pairs = [...text.matchAll(/(\w*)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  const found = list.findIndex((item) =>
    pairs.every(([, key = "", value = ""]) => same(key === "" ? item : at(item, key), parsed(value))),
  );
  return found < 0 ? undefined : found;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
