import { ApiException } from "@kubernetes/client-node";

/** Whether the API server answered that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

/** Returns the message of the API server on one line; of other errors the first line. */
export function kubernetesReason(error: unknown): string {
  if (error instanceof ApiException) return `${error.code}: ${statusMessage(error.body)}`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const [line = ""] = (error.message || (cause?.message ?? "")).split("\n");
  // `fetch` says "fetch failed", and has the reason in its cause.
  return cause === undefined || line.includes(cause.message)
    ? line
    : `${line}: ${cause.message.split("\n")[0]}`;
}

/** Returns the `message` of a Kubernetes Status, which is an object or a text. */
function statusMessage(body: unknown): string {
  const status = typeof body === "string" ? fromJson(body) : body;
  if (typeof status === "object" && status !== null && "message" in status) return String(status.message);
  return typeof body === "string" ? (body.split("\n")[0] ?? "").slice(0, 200) : "no reason given";
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
