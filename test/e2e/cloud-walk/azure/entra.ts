import { randomBytes } from "node:crypto";
import { z } from "zod";
import { roleDefinitionId, type AzureRole } from "../../../../components/azure/roles.ts";
import { textOf, type Account, type CloudResource } from "../account/account.ts";
import type { TokenCheck } from "../identity/service-account-tokens.ts";
import { bodyOf, sendJson, type Site } from "../network/front.ts";
import { TENANT } from "./azure-place.ts";
import { EXCHANGE_AUDIENCE } from "./workload-identity.ts";

/** The person who deploys, in the admin groups. */
export const DEPLOYER = "deployer";

const requestSchema = z.object({
  grant_type: z.literal("client_credentials"),
  client_assertion_type: z.literal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
  client_id: z.string(),
  scope: z.string(),
  client_assertion: z.string(),
});

/** A token of a service account that somebody exchanges for one of an identity. */
interface Exchange {
  tenant: string;
  clientId: string;
  scope: string;
  token: string;
}

/** Microsoft Entra and the roles of Azure: exchanges tokens of service accounts for tokens of identities with a credential for them. */
export class Entra {
  readonly refused: string[] = [];
  /** Token → object id of the identity, and the scope for which it is. */
  readonly #tokens = new Map<string, { principal: string; scope: string }>();
  readonly #account: Account;
  readonly #check: TokenCheck;

  constructor(account: Account, check: TokenCheck) {
    this.#account = account;
    this.#check = check;
  }

  readonly site: Site = async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    const { client_id, scope, client_assertion } = requestSchema.parse(form);
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(request.url ?? "")?.[1] ?? "";
    const access_token = await this.exchange({ tenant, clientId: client_id, scope, token: client_assertion });
    if (access_token === undefined) return sendJson(response, 401, { error: "invalid_client" });
    sendJson(response, 200, { token_type: "Bearer", expires_in: 3599, access_token });
  };

  /** Returns a token of an identity for the token of a service account; undefined if the identity has no credential for the account. */
  async exchange({ tenant, clientId, scope, token }: Exchange): Promise<string | undefined> {
    const claims = await this.#check(token);
    const identity = this.#account
      .ofType("azure-native:managedidentity:UserAssignedIdentity")
      .find(({ outputs }) => outputs["clientId"] === clientId);
    const trusted =
      identity !== undefined &&
      claims !== undefined &&
      this.#account.ofType("azure-native:managedidentity:FederatedIdentityCredential").some(({ inputs }) => {
        const audiences = (inputs["audiences"] ?? []) as string[];
        return (
          inputs["resourceName"] === identity.outputs["name"] &&
          inputs["issuer"] === claims.iss &&
          inputs["subject"] === claims.sub &&
          audiences.includes(EXCHANGE_AUDIENCE) &&
          claims.aud.includes(EXCHANGE_AUDIENCE)
        );
      });
    if (!trusted || tenant !== TENANT) {
      this.refused.push(`${claims?.sub ?? "nobody"}: no token of ${clientId}`);
      return undefined;
    }
    const accessToken = randomBytes(24).toString("hex");
    this.#tokens.set(accessToken, { principal: textOf(identity.outputs, "principalId"), scope });
    return accessToken;
  }

  /** Returns the object id of the identity of a token that is for a scope. */
  principalOf(token: string, scope: string): string | undefined {
    const found = this.#tokens.get(token);
    return found?.scope === scope ? found.principal : undefined;
  }

  /** Whether a principal has one of some roles on one of some resources. */
  has(
    principal: string,
    roles: readonly AzureRole[],
    scopes: readonly (CloudResource | undefined)[],
  ): boolean {
    if (principal === DEPLOYER) return true;
    const ids = scopes.map((scope) => scope?.outputs["id"] ?? scope?.id);
    const ends = roles.map((role) => roleDefinitionId("", role).split("/").at(-1) ?? "");
    return this.#account
      .ofType("azure-native:authorization:RoleAssignment")
      .some(
        ({ inputs }) =>
          inputs["principalId"] === principal &&
          ids.includes(textOf(inputs, "scope")) &&
          ends.some((end) => textOf(inputs, "roleDefinitionId").endsWith(`/${end}`)),
      );
  }
}
