import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "./role-assignment.ts";
import { commonInputs, type AzurePlace } from "./place.ts";
import { whenEffective } from "./role-effect.ts";
import type { AzureKey } from "./key-vault.ts";

export interface AzureKeyUserArgs extends AzurePlace {
  key: AzureKey;
}

/**
 * An identity that may only wrap and unwrap with one key. An Azure service uses it to encrypt its data with that key.
 *
 * @example
 * const user = new AzureKeyUser("data-key-user", { ...place, key });
 */
export class AzureKeyUser extends pulumi.ComponentResource {
  /** Id of the identity; becomes known when the identity may use the key. */
  readonly id: pulumi.Output<string>;
  /** The service needs these resources to encrypt: create it after them, and delete it before them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AzureKeyUserArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:keys:AzureKeyUser", name, {}, opts);
    const { key } = args;
    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { ...commonInputs(args), resourceName: `${args.prefix}-${name}` },
      { parent: this },
    );
    const role = grantAzureRole(
      `${name}-role`,
      {
        place: args,
        role: "Key Vault Crypto Service Encryption User",
        principalId: identity.principalId,
        scope: key.id,
      },
      { parent: this },
    );
    this.id = whenEffective(identity.id, role);
    this.ready = [...key.ready, role];
    this.registerOutputs({});
  }
}
