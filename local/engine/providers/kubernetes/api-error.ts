import { objectsAt, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";

export interface ErrorCause {
  reason: string;
  message: string;
  field: string;
}

/** A refusal of the API server. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Kubernetes' own word for it, such as `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`. */
  readonly reason: string;
  readonly causes: ErrorCause[];
  /** How long the server asks the client to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: JsonObject, retryAfterSeconds?: number) {
    super(textAt(body, "message") ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = textAt(body, "reason") ?? "";
    this.causes = objectsAt(body, "details", "causes").map((cause) => ({
      reason: textAt(cause, "reason") ?? "",
      message: textAt(cause, "message") ?? "",
      field: textAt(cause, "field") ?? "",
    }));
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No answer from the API server's address. */
export class Unreachable extends Error {
  constructor(server: string, source: string, cause: Error) {
    const code = (cause as NodeJS.ErrnoException).code;
    super(
      `the Kubernetes API server ${server} (from ${source}) cannot be reached: ${cause.message === "" ? (code ?? "no answer") : cause.message}; ` +
        "start the cluster, or point KUBECONFIG or kubernetes:kubeconfig at one that runs",
      { cause },
    );
    this.name = "Unreachable";
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Whether the server says that a namespace (not the object itself) does not exist. */
export function isMissingNamespace(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && /^namespaces "/.test(error.message);
}

const IMMUTABLE =
  /immutable|may not (be )?change|cannot change|cannot be (changed|updated|modified)|can not be changed|updates to .* are forbidden|is forbidden after creation|field can not be less than/i;

/** Returns the fields that the server says cannot change in place, empty where it names none; undefined if the refusal is about something else. */
export function immutableCauses(error: unknown): string[] | undefined {
  if (!(error instanceof ApiError) || error.status !== 422) return undefined;
  const causes = error.causes.filter((cause) => IMMUTABLE.test(cause.message));
  if (causes.length > 0 && causes.length === error.causes.length) return causes.map((cause) => cause.field);
  return error.causes.length === 0 && IMMUTABLE.test(error.message) ? [] : undefined;
}

/** Whether an admission webhook with side effects refuses every dry run: the real request would pass. */
export function refusesDryRuns(error: unknown): boolean {
  return error instanceof ApiError && error.status === 400 && /dry ?run/i.test(error.message);
}

/** Whether the same request may succeed a moment later: what it needs is being made. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (isMissingNamespace(error)) return true;
  if (error.status === 403)
    return /serviceaccount "[^"]*" not found|status unknown for quota|no API token found/.test(error.message);
  return (
    error.status === 500 &&
    /failed calling webhook|etcdserver: (leader changed|request timed out)/.test(error.message)
  );
}
