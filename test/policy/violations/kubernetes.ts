import type { Planned, Violation } from "./planned.ts";

const IMAGE = `417366251839.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@sha256:${"a".repeat(64)}`;

function deployment(name: string): Planned[] {
  const container = {
    name: "main",
    image: IMAGE,
    env: [{ name: "SLIPWAY_DRAIN_SECONDS", value: "10" }],
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  const labels = { app: name };
  const spec = {
    containers: [container],
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    terminationGracePeriodSeconds: 30,
    volumes: [{ name: "tmp", emptyDir: {} }],
  };
  return [
    {
      name,
      type: "kubernetes:apps/v1:Deployment",
      inputs: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace: "production" },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      },
    },
  ];
}

function namespace(name: string): Planned[] {
  return [
    {
      name,
      type: "kubernetes:core/v1:Namespace",
      inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
    },
    {
      name: `${name}-default-deny`,
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      inputs: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "default-deny", namespace: name },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
    },
  ];
}

const POD = "spec.template.spec";
const FIRST = `${POD}.containers.0`;

function pod(policy: string, set: Record<string, unknown>): Violation {
  const paths = Object.entries(set).map(([path, value]) => [path === "" ? POD : path, value] as const);
  return { policy: `kubernetes-${policy}`, good: deployment, set: Object.fromEntries(paths) };
}

function security(field: string, set: Record<string, unknown>): Violation {
  return pod(`pod-security-${field}`, set);
}

/** One for each policy of Kubernetes. */
export const kubernetesViolations: Violation[] = [
  security("host-network", { [`${POD}.hostNetwork`]: true }),
  security("host-pid", { [`${POD}.hostPID`]: true }),
  security("host-ipc", { [`${POD}.hostIPC`]: true }),
  security("privileged", { [`${FIRST}.securityContext.privileged`]: true }),
  security("host-path", { [`${POD}.volumes.0`]: { name: "tmp", hostPath: { path: "/etc" } } }),
  security("host-ports", { [`${FIRST}.ports.0.hostPort`]: 80 }),
  security("host-probes", { [`${FIRST}.readinessProbe.httpGet.host`]: "169.254.169.254" }),
  security("sysctls", { [`${POD}.securityContext.sysctls`]: [{ name: "kernel.msgmax", value: "65536" }] }),
  security("se-linux", { [`${POD}.securityContext.seLinuxOptions`]: { type: "spc_t" } }),
  security("app-armor", { [`${FIRST}.securityContext.appArmorProfile`]: { type: "Unconfined" } }),
  security("proc-mount", { [`${FIRST}.securityContext.procMount`]: "Unmasked" }),
  security("host-process", { [`${POD}.securityContext.windowsOptions`]: { hostProcess: true } }),
  security("volumes", { [`${POD}.volumes.0`]: { name: "tmp", nfs: { server: "nfs", path: "/" } } }),
  security("privilege-escalation", { [`${FIRST}.securityContext.allowPrivilegeEscalation`]: true }),
  {
    ...security("run-as-non-root", { [`${POD}.securityContext.runAsNonRoot`]: undefined }),
    reads: [`${FIRST}.securityContext`],
  },
  security("run-as-user", { [`${FIRST}.securityContext.runAsUser`]: 0 }),
  {
    ...security("seccomp", { [`${POD}.securityContext.seccompProfile.type`]: "Unconfined" }),
    reads: [`${FIRST}.securityContext`],
  },
  security("capabilities", { [`${FIRST}.securityContext.capabilities.drop`]: ["NET_RAW"] }),
  pod("image-digest", { [`${FIRST}.image`]: IMAGE.replace(/@.*/, ":1.2.3") }),
  pod("image-registry", { [`${FIRST}.image`]: `ghcr.io/team/runtime@sha256:${"b".repeat(64)}` }),
  pod("resource-requests", { [`${FIRST}.resources.requests.cpu`]: undefined }),
  pod("resource-limits", { [`${FIRST}.resources.limits.memory`]: undefined }),
  {
    ...pod("grace-period", { [`${POD}.terminationGracePeriodSeconds`]: 15 }),
    reads: [`${FIRST}.lifecycle`, `${FIRST}.env`],
  },
  {
    policy: "kubernetes-network-policy",
    good: namespace,
    set: {},
    reads: ["metadata.name"],
    beside: { "-default-deny": { spec: { podSelector: {}, policyTypes: ["Ingress"] } } },
  },
  {
    policy: "platform-no-plaintext-secrets",
    good: deployment,
    set: { [`${FIRST}.env.1`]: { name: "DB_PASSWORD", value: "hunter2" } },
  },
];

export { deployment as goodDeployment };
