/** The parts of an ExternalSecret that say whether its Secret is there. */
export interface ExternalSecretState {
  metadata?: { name?: string; namespace?: string };
  spec?: {
    data?: readonly { sourceRef?: { storeRef?: { name?: string } }; remoteRef?: { key?: string } }[];
  };
  status?: { conditions?: readonly { type: string; status: string; message?: string }[] };
}

/**
 * Returns what is left to do for an ExternalSecret whose Secret does not exist yet: which secrets of the store have to be filled.
 * Undefined if its Secret is there.
 */
export function unfilledSecret({ metadata, spec, status }: ExternalSecretState): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return undefined;
  const keys = [...new Set((spec?.data ?? []).map(({ remoteRef }) => remoteRef?.key ?? "?"))].join(", ");
  const reason = ready?.message ?? "the operator has not looked at it yet";
  return `Secret ${metadata?.namespace}/${metadata?.name} waits for ${keys} in the store: ${reason}`;
}
