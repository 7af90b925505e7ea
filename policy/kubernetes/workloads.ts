import { z } from "zod";
import type { Field } from "../rule/field.ts";
import { globPattern } from "../rule/glob.ts";
import { mustHave, rule } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";
import { containers, podSpec, POD_TYPES } from "./pods.ts";

const DIGEST = /^(.+)@sha256:[0-9a-f]{64}$/;
/** Kubernetes' default of `terminationGracePeriodSeconds`. */
const DEFAULT_GRACE_SECONDS = 30;
/** Seconds that a Slipway server drains if its variable is not set. @see runtime/contract/env.ts */
const DEFAULT_DRAIN_SECONDS = 10;
/** Only Slipway servers have this variable. */
const SERVER_VARIABLE = "SLIPWAY_MODEL";

/** Returns the registry of an image reference: the part before the first slash if it looks like a host. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/**
 * Whether a pattern allows an image. `123.dkr.ecr.eu-west-1.amazonaws.com/team` allows all images below it. `*` matches any
 * characters except a slash. In a pattern of digits, such as `10.*`, it matches only digits, dots and a port, so that the host
 * `10.evil.example` does not match.
 */
function allows(pattern: string, image: string): boolean {
  const named = pattern.split("/");
  const segments = image.split("/");
  const wildcard = /^[\d.*:]+$/.test(named[0] ?? "") ? "[\\d.:]*" : "[^/]*";
  const isBelow = segments.length > named.length;
  return isBelow && globPattern(pattern, wildcard).test(segments.slice(0, named.length).join("/"));
}

const CLOUD_REGISTRIES = [
  "*.dkr.ecr.*.amazonaws.com",
  "*.dkr.ecr.*.amazonaws.com.cn",
  "*-docker.pkg.dev",
  "*.azurecr.io",
  "localhost:*",
  "127.0.0.1:*",
  "10.*",
];

/** Returns the seconds that a container's preStop hook sleeps, by `sleep` or by a command; undefined if unknown. */
function preStopSeconds(container: Field): number | undefined {
  const hook = container.at("lifecycle.preStop");
  if (hook.isUnknown) return undefined;
  const sleep = hook.at("sleep.seconds");
  if (sleep.isUnknown) return undefined;
  if (sleep.number !== undefined) return sleep.number;
  const command = hook.at("exec.command").items();
  if (command.some((part) => part.isUnknown)) return undefined;
  const text = command.map((part) => part.text ?? "").join(" ");
  return Number(/\bsleep\s+(\d+)/.exec(text)?.[1] ?? 0);
}

/** Returns the seconds that a container drains after SIGTERM; 0 if it has no such variable and is no Slipway server. */
function drainSeconds(container: Field, variable: string): number | undefined {
  const variables = container.at("env").items();
  const drain = variables.find((entry) => entry.at("name").is(variable));
  if (drain === undefined)
    return variables.some((entry) => entry.at("name").is(SERVER_VARIABLE)) ? DEFAULT_DRAIN_SECONDS : 0;
  return drain.at("value").number ?? (drain.at("value").isUnknown ? undefined : 0);
}

export const workloadRules: ResourceRule[] = [
  rule({
    name: "kubernetes-image-digest",
    title: "Images are referenced by digest",
    severity: "high",
    source: ["CKV_K8S_43", "SLSA"],
    fix: "write the image as REPOSITORY@sha256:…, as in the images' lock file",
    types: POD_TYPES,
    check: (subject, report) => {
      for (const container of containers(podSpec(subject))) {
        const image = container.at("image");
        if (!image.isUnknown && !DIGEST.test(image.text ?? ""))
          report(`${image.path} must end in @sha256: and 64 hexadecimal digits, got ${image.shown}`);
      }
    },
  }),
  rule({
    name: "kubernetes-image-registry",
    title: "Images come from allowed registries",
    severity: "high",
    source: ["OWASP-ML06"],
    fix: "copy the image into the stack's registry (`npm run mirror`), or allow its registry in policy/config/STACK.json, under kubernetes-image-registry.registries",
    types: POD_TYPES,
    config: { registries: z.array(z.string()).default(CLOUD_REGISTRIES) },
    check: (subject, report, { registries }) => {
      for (const container of containers(podSpec(subject))) {
        const { text, path } = container.at("image");
        if (text !== undefined && !registries.some((pattern) => allows(pattern, text)))
          report(`${path} must come from ${registries.join(", ")}, got ${registryOf(text)}`);
      }
    },
  }),
  rule({
    name: "kubernetes-resource-requests",
    title: "Containers request CPU and memory",
    severity: "medium",
    source: ["CKV_K8S_10", "CKV_K8S_12"],
    fix: "set `resources.requests` to what the container needs",
    types: POD_TYPES,
    check: (subject, report) => {
      for (const container of containers(podSpec(subject)))
        for (const resource of ["cpu", "memory"])
          mustHave(container.at(`resources.requests.${resource}`), report);
    },
  }),
  rule({
    name: "kubernetes-resource-limits",
    title: "Containers have a memory limit",
    severity: "medium",
    source: ["CKV_K8S_11", "CKV_K8S_13", "C-0270", "C-0271"],
    fix: "set `resources.limits` to the most that the container may take",
    types: POD_TYPES,
    config: {
      /** Resources that need a limit. Not CPU by default, because a CPU limit throttles a container even on an idle node. */
      resources: z.array(z.enum(["cpu", "memory"])).default(["memory"]),
    },
    check: (subject, report, { resources }) => {
      for (const container of containers(podSpec(subject)))
        for (const resource of resources) mustHave(container.at(`resources.limits.${resource}`), report);
    },
  }),
  rule({
    name: "kubernetes-grace-period",
    title: "Pods have time to drain before they are killed",
    severity: "medium",
    source: ["KEP-3960"],
    fix: "set `terminationGracePeriodSeconds` to more than the preStop hook and the drain together",
    types:
      /^kubernetes:[^:]+:(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Rollout)$/,
    config: {
      drainVariable: z.string().default("SLIPWAY_DRAIN_SECONDS"),
      marginSeconds: z.number().min(0).default(1),
    },
    check: (subject, report, { drainVariable, marginSeconds }) => {
      const pod = podSpec(subject);
      const grace = pod.at("terminationGracePeriodSeconds");
      const seconds = grace.isMissing ? DEFAULT_GRACE_SECONDS : grace.number;
      if (seconds === undefined) return;
      for (const container of pod.at("containers").items()) {
        const preStop = preStopSeconds(container);
        const drain = drainSeconds(container, drainVariable);
        if (preStop === undefined || drain === undefined || preStop + drain === 0) continue;
        const least = preStop + drain + marginSeconds;
        if (seconds < least)
          report(
            `${grace.path} must be at least ${least} (preStop ${preStop} + drain ${drain} + ${marginSeconds}) ` +
              `for ${container.path}, got ${seconds}`,
          );
      }
    },
  }),
];
