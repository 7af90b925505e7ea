import { NETWORK } from "./layout.ts";

const labels = { "k8s-app": "kube-dns" };
const metadata = { name: "coredns", namespace: "kube-system", labels };
/** Port of the pod, above 1024 so that it needs no privilege; the Service maps the standard port to it. */
const PORT = 1053;

const corefile = `.:${PORT} {
  errors
  health :8081
  ready :8181
  kubernetes ${NETWORK.domain} in-addr.arpa ip6.arpa {
    pods insecure
    ttl 30
  }
  cache 30
  reload
}
`;

/** Returns the Kubernetes objects of the cluster's DNS. It resolves only names of the cluster: pods need no others. */
export function coreDns(image: string): object[] {
  const container = {
    name: "coredns",
    image,
    args: ["-conf", "/etc/coredns/Corefile"],
    ports: [
      { name: "dns", containerPort: PORT, protocol: "UDP" },
      { name: "dns-tcp", containerPort: PORT, protocol: "TCP" },
    ],
    resources: { requests: { cpu: "20m", memory: "32Mi" }, limits: { memory: "170Mi" } },
    livenessProbe: { httpGet: { path: "/health", port: 8081 }, periodSeconds: 10, timeoutSeconds: 5 },
    readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 2, timeoutSeconds: 5 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
  };
  const pod = {
    serviceAccountName: metadata.name,
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    volumes: [{ name: "config", configMap: { name: metadata.name } }],
  };
  const rules = [
    { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ];
  const role = { name: "system:coredns" };
  const group = "rbac.authorization.k8s.io";
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: role, rules },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: role,
      roleRef: { apiGroup: group, kind: "ClusterRole", name: role.name },
      subjects: [{ kind: "ServiceAccount", name: metadata.name, namespace: metadata.namespace }],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, name: "kube-dns" },
      spec: {
        clusterIP: NETWORK.dns,
        selector: labels,
        ports: [
          { name: "dns", port: 53, targetPort: PORT, protocol: "UDP" },
          { name: "dns-tcp", port: 53, targetPort: PORT, protocol: "TCP" },
        ],
      },
    },
  ];
}
