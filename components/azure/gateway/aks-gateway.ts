import * as dns from "@pulumi/azure-native/dns/index.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import {
  publishedHost,
  someClients,
  type EnvironmentGateway,
} from "../../platform/gateway/environment-gateway.ts";
import { createHttpRoute, GATEWAY_API } from "../../platform/gateway/http-route.ts";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
import { podsOf, tcp } from "../../platform/kubernetes/network-rules.ts";
import { gatewayPortOf, type GatewayAccess } from "../../platform/serving/service-callers.ts";
import type { AksGatewayArgs } from "./aks-gateway-args.ts";
import { aksGatewayNamespace, CERTIFICATE_ACCOUNT, CERTIFICATE_OPTIONS } from "./aks-gateway-names.ts";
import { rulePriority } from "./rule-priority.ts";

/** The class of the application routing add-on with the Gateway API. */
const GATEWAY_CLASS = "approuting-istio";
/** Label of the pods of a Gateway; its value is the Gateway's name. */
const GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name";
const HTTPS = 443;
/** Port at which the pods of a Gateway answer the load balancer's health checks. */
const STATUS_PORT = 15021;
/** Where the add-on's control plane runs, which configures the pods of a Gateway. */
const CONTROL_PLANE = { namespace: "aks-istio-system", port: 15012 };
const RECORD_TTL_SECONDS = 300;

/**
 * The entrance to the services of one environment on AKS: a Gateway of the application routing add-on with a certificate from Key Vault.
 * The add-on runs its proxies in the namespace of the Gateway and makes a load balancer there. So the Gateway has a namespace of its
 * own, and the environment stays closed except to these proxies.
 *
 * @example
 * const gateway = new AksGateway("production-gateway", {
 *   ...place, environment: production, domain: "ml.example.com", certificateUri, identity, zoneName,
 *   nodesSecurityGroupName, clientCidrs: ["203.0.113.0/24"], auth: { kind: "api-keys", secret: "api-keys" },
 * });
 * new InferenceService("production-pushback", { gateway: gateway.access, … });
 * const url = gateway.publish("pushback");
 * @see https://learn.microsoft.com/azure/aks/app-routing-gateway-api-dns-tls
 */
export class AksGateway extends pulumi.ComponentResource implements EnvironmentGateway {
  readonly access: GatewayAccess;
  /** Host name of the load balancer, for records that you make yourself. */
  readonly hostName: string;
  private readonly name: string;
  private readonly args: AksGatewayArgs;
  private readonly namespace: k8s.core.v1.Namespace;
  private readonly gateway: k8s.apiextensions.CustomResource;

  constructor(name: string, args: AksGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gateway:AksGateway", name, {}, opts);
    const { environment, clientCidrs, auth, prefix, location } = args;
    someClients(name, clientCidrs);
    this.name = name;
    this.args = args;
    const label = `${prefix}-${environment.name}`;
    this.hostName = `${label}.${location}.cloudapp.azure.com`;
    this.access = {
      from: [podsOf(aksGatewayNamespace(environment.name), { [GATEWAY_LABEL]: name })],
      apiKeysSecret: auth.secret,
    };
    this.createCallersRule();
    this.namespace = this.createNamespace();
    this.createNetworkPolicies();
    const account = this.createCertificateAccount();
    this.gateway = this.createGateway(label, account);
    this.registerOutputs({ hostName: this.hostName });
  }

  publish(serviceName: string): pulumi.Output<string> {
    const { environment, domain, zoneName, resourceGroupName, tags } = this.args;
    const name = `${this.name}-${serviceName}`;
    const host = publishedHost(this.name, { serviceName, environment: environment.name, domain });
    const child = { parent: this };
    const route = createHttpRoute(
      name,
      {
        environment,
        gateway: this.gateway.metadata.name,
        gatewayNamespace: this.namespace.metadata.name,
        serviceName,
        port: gatewayPortOf(this.access),
        host,
      },
      child,
    );
    if (zoneName !== undefined)
      new dns.RecordSet(
        `${name}-record`,
        {
          resourceGroupName,
          zoneName,
          relativeRecordSetName: host.slice(0, -domain.length - 1),
          recordType: "CNAME",
          ttl: RECORD_TTL_SECONDS,
          metadata: tags, // DNS records have metadata instead of tags
          cnameRecord: { cname: this.hostName },
        },
        child,
      );
    return after(`https://${host}`, route.metadata.name);
  }

  /** Admits the callers to the nodes: the load balancer keeps their addresses. */
  private createCallersRule(): void {
    const { resourceGroupName, nodesSecurityGroupName, clientCidrs } = this.args;
    new network.SecurityRule(
      `${this.name}-callers`,
      {
        resourceGroupName,
        networkSecurityGroupName: nodesSecurityGroupName,
        securityRuleName: this.name,
        priority: rulePriority(this.name),
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourcePortRange: "*",
        sourceAddressPrefixes: [...clientCidrs],
        destinationAddressPrefix: "*",
        destinationPortRange: String(HTTPS),
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  /** Creates the namespace. The proxies set no seccomp profile, so that Pod Security `restricted` would refuse them. */
  private createNamespace(): k8s.core.v1.Namespace {
    const name = aksGatewayNamespace(this.args.environment.name);
    return new k8s.core.v1.Namespace(
      `${this.name}-namespace`,
      {
        metadata: {
          name,
          labels: {
            ...commonLabels(name, "gateway"),
            "pod-security.kubernetes.io/enforce": "baseline",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      { parent: this },
    );
  }

  /** Closes the namespace, except for callers to the proxies, and for the proxies to their control plane, DNS and the services. */
  private createNetworkPolicies(): void {
    const { environment } = this.args;
    const metadata = {
      namespace: this.namespace.metadata.name,
      labels: commonLabels(this.name, "gateway"),
    };
    const child = { parent: this, deletedWith: this.namespace };
    new k8s.networking.v1.NetworkPolicy(
      `${this.name}-default-deny`,
      {
        metadata: { ...metadata, name: "default-deny" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${this.name}-traffic`,
      {
        metadata: { ...metadata, name: "gateway" },
        spec: {
          podSelector: { matchLabels: { [GATEWAY_LABEL]: this.name } },
          policyTypes: ["Ingress", "Egress"],
          // From everywhere: requests may have the address of a node here, which Cilium counts to no range. The security group of the
          // nodes has checked the callers' own addresses.
          ingress: [{ ports: tcp(HTTPS, STATUS_PORT) }],
          egress: [
            { to: [podsOf(CONTROL_PLANE.namespace)], ports: tcp(CONTROL_PLANE.port) },
            { to: [podsOf(environment.name)], ports: tcp(gatewayPortOf(this.access)) },
            {
              to: [podsOf("kube-system", { "k8s-app": "kube-dns" })],
              ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)],
            },
          ],
        },
      },
      child,
    );
  }

  private createCertificateAccount(): k8s.core.v1.ServiceAccount {
    const { identity } = this.args;
    return new k8s.core.v1.ServiceAccount(
      `${this.name}-certificate`,
      {
        metadata: {
          name: CERTIFICATE_ACCOUNT,
          namespace: this.namespace.metadata.name,
          // The operator wants both on the account, as Azure's page of the add-on says.
          labels: { ...commonLabels(this.name, "gateway"), ...identity.podLabels },
          annotations: identity.annotations,
        },
        automountServiceAccountToken: false,
      },
      { parent: this, dependsOn: identity.resource ?? [] },
    );
  }

  private createGateway(
    dnsLabel: string,
    account: k8s.core.v1.ServiceAccount,
  ): k8s.apiextensions.CustomResource {
    const { environment, domain, certificateUri, clientCidrs } = this.args;
    return new k8s.apiextensions.CustomResource(
      `${this.name}-gateway`,
      {
        apiVersion: GATEWAY_API,
        kind: "Gateway",
        metadata: {
          name: this.name,
          namespace: this.namespace.metadata.name,
          labels: commonLabels(this.name, "gateway"),
        },
        spec: {
          gatewayClassName: GATEWAY_CLASS,
          // The add-on passes these on to the Service of the load balancer.
          infrastructure: {
            annotations: {
              "service.beta.kubernetes.io/azure-dns-label-name": dnsLabel,
              "service.beta.kubernetes.io/azure-allowed-ip-ranges": clientCidrs.join(","),
            },
          },
          listeners: [
            {
              name: "https",
              protocol: "HTTPS",
              port: HTTPS,
              hostname: `*.${domain}`,
              tls: {
                mode: "Terminate",
                options: {
                  [CERTIFICATE_OPTIONS.uri]: certificateUri,
                  [CERTIFICATE_OPTIONS.serviceAccount]: account.metadata.name,
                },
              },
              allowedRoutes: {
                kinds: [{ kind: "HTTPRoute" }],
                namespaces: {
                  from: "Selector",
                  selector: { matchLabels: { "kubernetes.io/metadata.name": environment.name } },
                },
              },
            },
          ],
        },
      },
      // The operator of the add-on writes the Secret that it makes of the certificate into the listener.
      { parent: this, ignoreChanges: ["spec.listeners[0].tls.certificateRefs"] },
    );
  }
}
