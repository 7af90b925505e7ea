import { CERTIFICATE_OPTIONS } from "../../components/azure/gateway/aks-gateway-names.ts";

/** The parts of a Gateway that say whether its listeners have their certificates. */
export interface GatewayState {
  metadata?: { name?: string; namespace?: string };
  spec?: { listeners?: readonly { name: string; tls?: { options?: Readonly<Record<string, string>> } }[] };
  status?: {
    listeners?: readonly {
      name: string;
      conditions?: readonly { type: string; status: string; message?: string }[];
    }[];
  };
}

/** A certificate for which a Gateway waits. */
export interface UnfilledCertificate {
  reason: string;
  /** The command that fills it. */
  fix: string;
}

const CERTIFICATE_URI = /^https:\/\/([^./]+)\.[^/]+\/certificates\/([^/]+)/;

/** Returns what is left to do for a Gateway that waits for its certificate from a Key Vault. Undefined if it has the certificate, or needs none of a vault. */
export function unfilledCertificate({ spec, status }: GatewayState): UnfilledCertificate | undefined {
  for (const { name, tls } of spec?.listeners ?? []) {
    const [, vault, certificate] = CERTIFICATE_URI.exec(tls?.options?.[CERTIFICATE_OPTIONS.uri] ?? "") ?? [];
    if (vault === undefined || certificate === undefined) continue;
    const resolved = status?.listeners
      ?.find((listener) => listener.name === name)
      ?.conditions?.find(({ type }) => type === "ResolvedRefs");
    if (resolved?.status === "True") continue;
    const message = resolved?.message ?? "AKS has not looked at it yet";
    return {
      reason: `it waits for the certificate ${certificate} in the vault ${vault}: ${message}`,
      fix: `az keyvault certificate import --vault-name ${vault} --name ${certificate} --file FILE.pfx`,
    };
  }
  return undefined;
}
