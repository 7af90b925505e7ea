import type { Account } from "../account/account.ts";
import { hostOf, sendJson, type Site } from "../network/front.ts";
import type { Entra } from "./entra.ts";

const SCOPE = "https://vault.azure.net/.default";

/** The vaults of the subscription: values of secrets for identities with a role on them. */
export class KeyVaults {
  readonly refused: string[] = [];
  /** Name of a secret → its value. Nobody has filled the others. */
  readonly secretValues = new Map<string, string>();
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
    const principal = this.#entra.principalOf(token, SCOPE) ?? "nobody";
    const secret = this.#account
      .ofType("azure-native:keyvault:Secret")
      .find(({ inputs }) => inputs["vaultName"] === vaultName && inputs["secretName"] === name);
    const vault = this.#account
      .ofType("azure-native:keyvault:Vault")
      .find(({ inputs }) => inputs["vaultName"] === vaultName);
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
}
