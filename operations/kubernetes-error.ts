import { ApiException } from "@kubernetes/client-node";

/** Whether the API server answered that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

/** What the API server said, in its own words and on one line; other errors keep their first line. */
export function kubernetesReason(error: unknown): string {
  if (error instanceof ApiException) return `${error.code}: ${statusMessage(error.body)}`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const [line = ""] = (error.message || (cause?.message ?? "")).split("\n");
  // fetch says "fetch failed" and hides the reason in its cause.
  return cause === undefined || line.includes(cause.message)
    ? line
    : `${line}: ${cause.message.split("\n")[0]}`;
}

/** `message` of a Kubernetes Status, which comes as an object or as text. */
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
