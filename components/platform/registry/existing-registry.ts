import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import { imageReference, type ImageName, type ImagesLock } from "./images-lock.ts";
import { commonLabels } from "../kubernetes/labels.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";
import type { Registry } from "./registry.ts";

export interface ExistingRegistryArgs {
  /** Base URL, such as `http://10.88.0.1:5000`. Its path is the prefix of all repositories. */
  url: string;
  /**
   * Docker `config.json` of an account that may read images, and read and write artifacts.
   * @default - none: nodes and pods have their own identities, or the registry needs no credentials
   */
  credentials?: pulumi.Input<string>;
  /**
   * Docker `config.json` of an account that may only read. Servers get it, because they are exposed to requests.
   * @default - `credentials`
   */
  readCredentials?: pulumi.Input<string> | undefined;
  /** Environments that get the credentials. */
  environments: readonly Environment[];
  /** Images of the platform by digest. */
  images: ImagesLock;
}

/**
 * A registry that exists already: the local one or a team's own. It stores both images and artifacts. Creates a Secret with its
 * credentials in each environment, by which the kubelet pulls images and jobs push artifacts.
 *
 * @example
 * const registry = new ExistingRegistry("registry", { url, credentials, environments: [staging], images: lock });
 */
export class ExistingRegistry extends pulumi.ComponentResource implements Registry {
  private readonly args: ExistingRegistryArgs;
  private readonly registryName: string;
  /** `<environment>/<access>` → name of the Secret. */
  private readonly secrets = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: ExistingRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:ExistingRegistry", name, {}, opts);
    this.args = args;
    this.registryName = name;
    const { credentials, readCredentials, environments } = args;
    for (const environment of environments) {
      const write = this.addSecret(`${name}-${environment.name}-credentials`, environment, credentials);
      const read =
        readCredentials === undefined
          ? write
          : this.addSecret(`${name}-${environment.name}-read-credentials`, environment, readCredentials);
      if (write !== undefined) this.secrets.set(`${environment.name}/write`, write);
      if (read !== undefined) this.secrets.set(`${environment.name}/read`, read);
    }
    this.registerOutputs({ url: args.url });
  }

  image(name: ImageName): string {
    const { host, pathname } = new URL(this.args.url);
    return imageReference(this.args.images, `${host}${pathname.replace(/\/$/, "")}`, name);
  }

  accessFrom(environment: Environment, access: "read" | "write" = "read"): RegistryAccess {
    return { url: this.args.url, credentialsSecret: this.secrets.get(`${environment.name}/${access}`) };
  }

  private addSecret(
    secretName: string,
    environment: Environment,
    credentials: pulumi.Input<string> | undefined,
  ): pulumi.Output<string> | undefined {
    if (credentials === undefined) return undefined;
    const secret = new k8s.core.v1.Secret(
      secretName,
      {
        metadata: {
          namespace: environment.namespace,
          labels: commonLabels(this.registryName, "registry-credentials"),
        },
        type: "kubernetes.io/dockerconfigjson",
        immutable: true,
        stringData: { ".dockerconfigjson": credentials },
      },
      { parent: this, deletedWith: environment.resource },
    );
    return secret.metadata.name;
  }
}
