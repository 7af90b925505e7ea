import type { Field } from "../rule/field.ts";
import { must, rule } from "../rule/rule.ts";
import type { ResourceRule, RuleConfig, Severity } from "../rule/rule.ts";
import { containers, podSpec, POD_TYPES } from "./pods.ts";

type Check = (pod: Field, report: (message: string) => void) => void;

const URL = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** Returns a rule for one field of the Pod Security Standard `restricted`, which includes `baseline`. */
function podSecurity(
  field: string,
  profile: "baseline" | "restricted",
  severity: Severity,
  title: string,
  fix: string,
  check: Check,
): ResourceRule<RuleConfig> {
  return rule({
    name: `kubernetes-pod-security-${field}`,
    title,
    severity,
    source: [`PSS-${profile}`],
    fix,
    url: URL,
    types: POD_TYPES,
    check: (subject, report) => {
      const pod = podSpec(subject);
      if (!pod.isMissing && !pod.isUnknown) check(pod, report);
    },
  });
}

const RESTRICTED_VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
  "image", // since 1.31, behind a feature gate
];

const SAFE_SYSCTLS = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
]);

const CAPABILITIES = ["NET_BIND_SERVICE"];
const SELINUX_TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/** Returns a container's setting, or the pod's setting if the container has none. */
function effective(pod: Field, container: Field, path: string): Field {
  const own = container.at(`securityContext.${path}`);
  return own.isMissing ? pod.at(`securityContext.${path}`) : own;
}

function securityContexts(pod: Field): Field[] {
  return [pod, ...containers(pod)].map((owner) => owner.at("securityContext"));
}

function hostFlag(
  flag: "hostNetwork" | "hostPID" | "hostIPC",
  name: string,
  resource: string,
): ResourceRule<RuleConfig> {
  const title = `Pods do not share the node's ${resource}`;
  const fix = `leave out \`${flag}\``;
  return podSecurity(name, "baseline", "high", title, fix, (pod, report) =>
    must(pod.at(flag), [false, undefined, null], report),
  );
}

/**
 * Pod Security `restricted`, field by field, with the checks of the admission controller.
 * @see https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io/pod-security-admission/policy
 */
export const podSecurityRules: ResourceRule<RuleConfig>[] = [
  hostFlag("hostNetwork", "host-network", "network"),
  hostFlag("hostPID", "host-pid", "processes"),
  hostFlag("hostIPC", "host-ipc", "inter-process communication"),
  podSecurity(
    "privileged",
    "baseline",
    "critical",
    "Containers are not privileged",
    "leave out `securityContext.privileged`",
    (pod, report) => {
      for (const container of containers(pod))
        must(container.at("securityContext.privileged"), [false, undefined, null], report);
    },
  ),
  podSecurity(
    "host-path",
    "baseline",
    "high",
    "Pods mount no folder of the node",
    "use a PersistentVolumeClaim, an emptyDir or a ConfigMap instead of `hostPath`",
    (pod, report) => {
      for (const volume of pod.at("volumes").items())
        if (!volume.at("hostPath").isMissing && !volume.at("hostPath").isUnknown)
          report(`${volume.path} must not be a hostPath`);
    },
  ),
  podSecurity(
    "host-ports",
    "baseline",
    "high",
    "Containers use no port of the node",
    "leave out `hostPort`, and reach the pod through a Service",
    (pod, report) => {
      for (const container of containers(pod))
        for (const port of container.at("ports").items())
          must(port.at("hostPort"), [0, undefined, null], report);
    },
  ),
  podSecurity(
    "host-probes",
    "baseline",
    "medium",
    "Probes and lifecycle hooks connect only to their own pod",
    "leave out `host` in probes and lifecycle hooks",
    (pod, report) => {
      const handlers = [
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle.preStop",
        "lifecycle.postStart",
      ];
      for (const container of containers(pod))
        for (const handler of handlers)
          for (const kind of ["httpGet", "tcpSocket"])
            must(container.at(`${handler}.${kind}.host`), ["", undefined, null], report);
    },
  ),
  podSecurity(
    "sysctls",
    "baseline",
    "medium",
    "Pods set only sysctls that are safe for other pods",
    "leave out the sysctl, or set it on the node",
    (pod, report) => {
      for (const sysctl of pod.at("securityContext.sysctls").items()) {
        const name = sysctl.at("name").text;
        if (name !== undefined && !SAFE_SYSCTLS.has(name))
          report(`${sysctl.path}.name must be a safe one, got ${name}`);
      }
    },
  ),
  podSecurity(
    "se-linux",
    "baseline",
    "medium",
    "Containers keep their default SELinux confinement",
    "leave out `seLinuxOptions.user` and `role`, and use a container type",
    (pod, report) => {
      for (const context of securityContexts(pod)) {
        const options = context.at("seLinuxOptions");
        must(options.at("type"), [...SELINUX_TYPES, "", undefined, null], report);
        for (const key of ["user", "role"]) must(options.at(key), ["", undefined, null], report);
      }
    },
  ),
  podSecurity(
    "app-armor",
    "baseline",
    "medium",
    "Containers do not turn AppArmor off",
    "use the profile `RuntimeDefault` or `Localhost`",
    (pod, report) => {
      for (const context of securityContexts(pod))
        must(context.at("appArmorProfile.type"), ["RuntimeDefault", "Localhost", undefined, null], report);
    },
  ),
  podSecurity(
    "proc-mount",
    "baseline",
    "medium",
    "Containers keep the default mask of /proc",
    "leave out `securityContext.procMount`",
    (pod, report) => {
      for (const container of containers(pod))
        must(container.at("securityContext.procMount"), ["Default", undefined, null], report);
    },
  ),
  podSecurity(
    "host-process",
    "baseline",
    "high",
    "Windows pods do not run as processes of the node",
    "leave out `windowsOptions.hostProcess`",
    (pod, report) => {
      for (const context of securityContexts(pod))
        must(context.at("windowsOptions.hostProcess"), [false, undefined, null], report);
    },
  ),
  podSecurity(
    "volumes",
    "restricted",
    "medium",
    "Pods use only the volume types of the profile",
    `use one of ${RESTRICTED_VOLUMES.join(", ")}`,
    (pod, report) => {
      for (const volume of pod.at("volumes").items())
        for (const [kind, value] of volume.entries())
          if (
            kind !== "name" &&
            kind !== "hostPath" &&
            !RESTRICTED_VOLUMES.includes(kind) &&
            !value.isMissing
          )
            report(`${volume.path} must not be a volume of the type ${kind}`);
    },
  ),
  podSecurity(
    "privilege-escalation",
    "restricted",
    "high",
    "Containers cannot gain privileges",
    "set `securityContext.allowPrivilegeEscalation: false` on each container",
    (pod, report) => {
      for (const container of containers(pod))
        must(container.at("securityContext.allowPrivilegeEscalation"), [false], report);
    },
  ),
  podSecurity(
    "run-as-non-root",
    "restricted",
    "high",
    "Containers do not run as root",
    "set `securityContext.runAsNonRoot: true` on the pod, or on each container",
    (pod, report) => {
      for (const container of containers(pod))
        must(effective(pod, container, "runAsNonRoot"), [true], report);
    },
  ),
  podSecurity(
    "run-as-user",
    "restricted",
    "high",
    "Containers do not set the user id of root",
    "set `securityContext.runAsUser` to an id other than 0, or leave it out",
    (pod, report) => {
      for (const context of securityContexts(pod))
        if (context.at("runAsUser").is(0)) report(`${context.path}.runAsUser must not be 0`);
    },
  ),
  podSecurity(
    "seccomp",
    "restricted",
    "medium",
    "Seccomp filters the system calls of containers",
    "set `securityContext.seccompProfile.type: RuntimeDefault` on the pod",
    (pod, report) => {
      const profiles = ["RuntimeDefault", "Localhost"];
      for (const container of containers(pod))
        must(effective(pod, container, "seccompProfile.type"), profiles, report);
    },
  ),
  podSecurity(
    "capabilities",
    "restricted",
    "high",
    "Containers drop all capabilities",
    'set `securityContext.capabilities.drop: ["ALL"]` on each container, and add none but NET_BIND_SERVICE',
    (pod, report) => {
      for (const container of containers(pod)) {
        const capabilities = container.at("securityContext.capabilities");
        if (!capabilities.at("drop").mayInclude("ALL")) report(`${capabilities.path}.drop must include ALL`);
        for (const added of capabilities.at("add").items())
          if (!added.mayBe(...CAPABILITIES)) report(`${added.path} must not be ${added.shown}`);
      }
    },
  ),
];
