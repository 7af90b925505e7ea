import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import {
  publishedHost,
  someClients,
  type EnvironmentGateway,
} from "../../platform/gateway/environment-gateway.ts";
import { createHttpRoute, GATEWAY_API } from "../../platform/gateway/http-route.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
import { gatewayPortOf, type GatewayAccess } from "../../platform/serving/service-callers.ts";
import { clientLimits } from "./client-limits.ts";
import type { GkeGatewayArgs, IapAuth } from "./gke-gateway-args.ts";

/** Addresses from which Google's proxies and health checks call pods. @see https://docs.cloud.google.com/load-balancing/docs/https#firewall-rules */
const GOOGLE_PROXIES = ["35.191.0.0/16", "130.211.0.0/22"];

/** The class with a global address, which alone takes the certificates of a certificate map. */
const GATEWAY_CLASS = "gke-l7-global-external-managed";

/** API version of GKE's policies for Gateways and Services. */
const GKE_POLICY_API = "networking.gke.io/v1";

/** Seconds in which a removed pod finishes its requests. */
const DRAINING_SECONDS = 15;

/**
 * The entrance to the services of one environment on GKE: a Gateway with a certificate of Certificate Manager, a TLS policy and a Cloud
 * Armor policy that lets in only `clientCidrs`. The cluster must have `ingress`.
 *
 * @example
 * const gateway = new GkeGateway("production-gateway", {
 *   project, environment: production, domain: "ml.example.com", certificateMap, zoneName,
 *   clientCidrs: ["203.0.113.0/24"], auth: { kind: "api-keys", secret: "api-keys" },
 * });
 * new InferenceService("production-pushback", { gateway: gateway.access, … });
 * const url = gateway.publish("pushback");
 */
export class GkeGateway extends pulumi.ComponentResource implements EnvironmentGateway {
  readonly access: GatewayAccess;
  /** Address of the gateway, for records that you make yourself. */
  readonly address: pulumi.Output<string>;
  private readonly name: string;
  private readonly args: GkeGatewayArgs;
  private readonly gateway: k8s.apiextensions.CustomResource;
  private readonly limits: gcp.compute.SecurityPolicy;

  constructor(name: string, args: GkeGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gateway:GkeGateway", name, {}, opts);
    const { project, environment, clientCidrs, auth, requestsPer5Minutes, protect = true } = args;
    someClients(name, clientCidrs);
    if (requestsPer5Minutes !== undefined) atLeast(1, requestsPer5Minutes, `${name}: requestsPer5Minutes`);
    this.name = name;
    this.args = args;
    this.access = {
      from: GOOGLE_PROXIES.map((cidr) => ({ ipBlock: { cidr } })),
      ...(auth.kind === "api-keys" ? { apiKeysSecret: auth.secret } : {}),
    };
    const child = { parent: this };
    const address = new gcp.compute.GlobalAddress(
      `${name}-address`,
      { project, addressType: "EXTERNAL", description: `Gateway of ${environment.name}` },
      { parent: this, protect },
    );
    this.address = address.address;
    this.limits = new gcp.compute.SecurityPolicy(
      `${name}-limits`,
      {
        project,
        type: "CLOUD_ARMOR",
        description: `Clients of ${environment.name}`,
        rules: clientLimits(clientCidrs, requestsPer5Minutes),
      },
      child,
    );
    this.gateway = this.createGateway(address);
    if (auth.kind === "iap") this.admitMembers(auth);
    this.registerOutputs({ address: this.address });
  }

  publish(serviceName: string): pulumi.Output<string> {
    const { project, environment, domain, zoneName } = this.args;
    const name = `${this.name}-${serviceName}`;
    const host = publishedHost(this.name, { serviceName, environment: environment.name, domain });
    const port = gatewayPortOf(this.access);
    const child = { parent: this };
    const policies = this.createServicePolicies(name, serviceName);
    const route = createHttpRoute(
      name,
      { environment, gateway: this.gateway.metadata.name, serviceName, port, host },
      { ...child, dependsOn: policies }, // so that no request passes without the policies
    );
    if (zoneName !== undefined)
      new gcp.dns.RecordSet(
        `${name}-record`,
        { project, managedZone: zoneName, name: `${host}.`, type: "A", ttl: 300, rrdatas: [this.address] },
        child,
      );
    return after(`https://${host}`, route.metadata.name);
  }

  private createGateway(address: gcp.compute.GlobalAddress): k8s.apiextensions.CustomResource {
    const { name } = this;
    const { project, environment, certificateMap } = this.args;
    const metadata = { namespace: environment.namespace, labels: commonLabels(name, "gateway") };
    const gateway = new k8s.apiextensions.CustomResource(
      `${name}-gateway`,
      {
        apiVersion: GATEWAY_API,
        kind: "Gateway",
        metadata: { ...metadata, name, annotations: { "networking.gke.io/certmap": certificateMap } },
        spec: {
          gatewayClassName: GATEWAY_CLASS,
          addresses: [{ type: "NamedAddress", value: address.name }],
          listeners: [
            {
              name: "https",
              protocol: "HTTPS",
              port: 443,
              allowedRoutes: { kinds: [{ kind: "HTTPRoute" }], namespaces: { from: "Same" } },
            },
          ],
        },
      },
      { parent: this },
    );
    const tls = new gcp.compute.SSLPolicy(
      `${name}-tls`,
      { project, profile: "MODERN", minTlsVersion: "TLS_1_2" },
      { parent: this },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-tls-policy`,
      {
        apiVersion: GKE_POLICY_API,
        kind: "GCPGatewayPolicy",
        metadata: { ...metadata, name },
        spec: {
          default: { sslPolicy: tls.name },
          targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway.metadata.name },
        },
      },
      { parent: this },
    );
    return gateway;
  }

  /** Creates the policies by which Google's load balancer checks and calls the pods of a service. */
  private createServicePolicies(name: string, serviceName: string): pulumi.Resource[] {
    const { environment, auth } = this.args;
    const port = gatewayPortOf(this.access);
    const metadata = {
      name: serviceName,
      namespace: environment.namespace,
      labels: commonLabels(serviceName, "gateway"),
    };
    const targetRef = { group: "", kind: "Service", name: serviceName };
    const policy = (suffix: string, kind: string, settings: object): pulumi.Resource =>
      new k8s.apiextensions.CustomResource(
        `${name}-${suffix}`,
        { apiVersion: GKE_POLICY_API, kind, metadata, spec: { default: settings, targetRef } },
        { parent: this },
      );
    return [
      policy("health", "HealthCheckPolicy", {
        checkIntervalSec: 5,
        timeoutSec: 3,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        config: { type: "HTTP", httpHealthCheck: { port, requestPath: "/v2/health/ready" } },
      }),
      policy("backend", "GCPBackendPolicy", {
        securityPolicy: this.limits.name,
        timeoutSec: 60,
        connectionDraining: { drainingTimeoutSec: DRAINING_SECONDS },
        ...(auth.kind === "iap" ? { iap: iapSettings(auth) } : {}),
      }),
    ];
  }

  /** Lets the members pass Identity-Aware Proxy. The grant is for the project: Google makes up the names of the gateway's backends. */
  private admitMembers({ members }: IapAuth): void {
    const { project } = this.args;
    members.forEach((member, index) => {
      new gcp.iap.WebIamMember(
        `${this.name}-member-${index}`,
        { project, role: "roles/iap.httpsResourceAccessor", member },
        { parent: this },
      );
    });
  }
}

function iapSettings({ client }: IapAuth): object {
  if (client === undefined) return { enabled: true };
  return { enabled: true, clientID: client.id, oauth2ClientSecret: { name: client.secret } };
}
