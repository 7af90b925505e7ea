import type { Account, CloudResource } from "../account/account.ts";
import type { Certificate } from "../network/authority.ts";
import { hostOf, sendJson, type Site } from "../network/front.ts";
import type { Entra } from "./entra.ts";

/** Scope of tokens for vaults. */
export const VAULT_SCOPE = "https://vault.azure.net/.default";

/** The vaults of the subscription: values of secrets and certificates with their keys, for identities with a role on them. */
export class KeyVaults {
  readonly refused: string[] = [];
  /** Name of a secret → its value. Nobody has filled the others. */
  readonly secretValues = new Map<string, string>();
  /** Name of a certificate → what people have imported under it. */
  readonly certificates = new Map<string, Certificate>();
  readonly #account: Account;
  readonly #entra: Entra;

  constructor(account: Account, entra: Entra) {
    this.#account = account;
    this.#entra = entra;
  }

  readonly site: Site = async (request, response) => {
    const vaultName = hostOf(request).split(".")[0];
    const [, name = ""] = /^\/secrets\/([^/?]+)\/?\?/.exec(request.url ?? "") ?? [];
    const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const principal = this.#entra.principalOf(token, VAULT_SCOPE) ?? "nobody";
    const secret = this.#account
      .ofType("azure-native:keyvault:Secret")
      .find(({ inputs }) => inputs["vaultName"] === vaultName && inputs["secretName"] === name);
    const vault = this.#vault(vaultName);
    if (secret === undefined || !this.#entra.has(principal, ["Key Vault Secrets User"], [secret, vault])) {
      this.refused.push(`${principal}: secrets/getSecret on ${name}`);
      return sendJson(response, 403, { error: { code: "Forbidden", message: `no right to ${name}` } });
    }
    const value = this.secretValues.get(name);
    if (value !== undefined) return sendJson(response, 200, { value });
    sendJson(response, 403, {
      error: { code: "Forbidden", message: "Operation get is not allowed on a disabled secret." },
    });
  };

  /** Returns a certificate with its key, which a vault keeps as a secret. Returns why not as text. */
  certificateOf(vaultName: string, name: string, token: string): Certificate | string {
    const principal = this.#entra.principalOf(token, VAULT_SCOPE) ?? "nobody";
    const vault = this.#vault(vaultName);
    if (vault === undefined || !this.#entra.has(principal, ["Key Vault Secrets User"], [vault])) {
      this.refused.push(`${principal}: secrets/getSecret on ${name} of ${vaultName}`);
      return `${principal} has no right to ${name}`;
    }
    return this.certificates.get(name) ?? `A secret with (name/id) ${name} was not found in this key vault.`;
  }

  #vault(vaultName: string | undefined): CloudResource | undefined {
    return this.#account
      .ofType("azure-native:keyvault:Vault")
      .find(({ inputs }) => inputs["vaultName"] === vaultName);
  }
}
