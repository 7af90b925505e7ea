import { numberAt, objectAt, textAt } from "../json-object.ts";
import type { JsonObject } from "../json-object.ts";
import { kindOf, nameOf, namespaceOf } from "../kube-object.ts";
import { lastLogLine } from "./last-log-line.ts";
import { podProblems } from "./pod-problems.ts";
import type { PodProblem } from "./pod-problems.ts";
import { findPods } from "./find-pods.ts";
import { conditionOf } from "./verdict.ts";
import type { ClusterReader } from "./verdict.ts";

/** How many pods and log lines a failure shows: enough to act on, short enough to read. */
const SHOWN_PROBLEMS = 4;
const LOG_LINES = 10;

/** Returns one line about the worst problem of an object's pods; undefined if they have none. */
export async function summarize(object: JsonObject, reader: ClusterReader): Promise<string | undefined> {
  const pods = await findPods(object, reader);
  const [worst] = pods.flatMap(podProblems);
  if (worst !== undefined) return withLastLogLine(worst, namespaceOf(object) ?? "default", reader);
  return (await warnings(object, pods, reader)).at(-1);
}

/**
 * Explains why an object is not ready: the problems of its pods with the ends of their logs, and the refusals that its
 * controllers met. Leaves out the reasons that are `known` already.
 */
export async function explain(
  object: JsonObject,
  known: readonly string[],
  reader: ClusterReader,
): Promise<string[]> {
  const pods = await findPods(object, reader);
  const problems = pods.flatMap(podProblems);
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  const namespace = namespaceOf(object) ?? "default";
  const reasons = await Promise.all(shown.map((problem) => withLog(problem, namespace, reader)));
  if (problems.length > shown.length) reasons.push(`and ${problems.length - shown.length} more`);
  const knownText = [...known, ...reasons].join("\n");
  const events = await warnings(object, pods, reader);
  return [...reasons, ...events.filter((event) => !knownText.includes(event.slice(event.indexOf(": ") + 2)))];
}

function oneLine({ pod, container, reason, message }: PodProblem): string {
  return `pod ${pod}${container === undefined ? "" : `: container ${container}`}: ${reason}${message === "" ? "" : `: ${message}`}`;
}

/** Adds the last line of the log to a crash: it usually holds the reason. */
async function withLastLogLine(
  problem: PodProblem,
  namespace: string,
  reader: ClusterReader,
): Promise<string> {
  const { pod, container, log, reason } = problem;
  const line = oneLine(problem);
  if (container === undefined || log === undefined || reason === "NotReady") return line;
  const lastLine = await lastLogLine({ pod, container, log }, namespace, reader);
  return lastLine === undefined ? line : `${line}; its log ends: ${lastLine}`;
}

async function withLog(problem: PodProblem, namespace: string, reader: ClusterReader): Promise<string> {
  const line = oneLine(problem);
  if (problem.log === undefined || problem.container === undefined) return line;
  const options = { lines: LOG_LINES, previous: problem.log === "previous" };
  const log = await reader.log(namespace, problem.pod, problem.container, options);
  const lines = log.split("\n").filter((text) => text.trim() !== "");
  return lines.length === 0
    ? line
    : [`${line}; its log ends:`, ...lines.map((text) => `    ${text}`)].join("\n");
}

/**
 * Returns the warning events on the object, on a Deployment's replica sets (quota and admission refusals show up only there), and on
 * pods whose own status does not name the problem: a sandbox, a volume, a probe.
 */
async function warnings(
  object: JsonObject,
  pods: readonly JsonObject[],
  reader: ClusterReader,
): Promise<string[]> {
  const namespace = namespaceOf(object);
  if (namespace === undefined) return [];
  const silent = pods.filter(
    (pod) => isUnready(pod) && podProblems(pod).every(({ reason }) => reason === "NotReady"),
  );
  const uids = [object, ...silent].map((about) => textAt(about, "metadata", "uid"));
  const events = await reader.list("v1", "Event", namespace, { fieldSelector: "type=Warning" });
  const about = events.filter((event) => {
    const involved = objectAt(event, "involvedObject") ?? {};
    if (uids.includes(textAt(involved, "uid"))) return true;
    const isSet = textAt(involved, "kind") === "ReplicaSet" && kindOf(object) === "Deployment";
    return isSet && textAt(involved, "name")?.startsWith(`${nameOf(object)}-`) === true;
  });
  about.sort((a, b) => lastSeen(a) - lastSeen(b));
  const lines = about.map((event) => {
    const pod =
      textAt(event, "involvedObject", "kind") === "Pod"
        ? `pod ${textAt(event, "involvedObject", "name") ?? ""}: `
        : "";
    return `${pod}${textAt(event, "reason") ?? "Warning"}: ${shorten(textAt(event, "message") ?? "")}`;
  });
  return [...new Set(lines)].slice(-3);
}

function isUnready(pod: JsonObject): boolean {
  return conditionOf(pod, "Ready")?.status !== "True" && textAt(pod, "status", "phase") !== "Succeeded";
}

function lastSeen(event: JsonObject): number {
  const at =
    textAt(event, "lastTimestamp") ??
    textAt(event, "eventTime") ??
    textAt(event, "metadata", "creationTimestamp");
  return (at === undefined ? 0 : Date.parse(at)) + (numberAt(event, "count") ?? 0) / 1e6;
}

/** Cuts the random name of a refused pod out of the message, so that equal events look equal. */
function shorten(message: string): string {
  return message.replace(/^Error creating: pods "[^"]*" is /, "pods are ").trim();
}
