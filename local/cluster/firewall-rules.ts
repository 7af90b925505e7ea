import { CNI_NETWORK } from "./layout.ts";

/** The comment that a CNI plugin writes in its rules. */
const cniComment = /name: \\"([^\\"]+)\\"/;
/** Addresses of our pods: see NETWORK.pods. */
const podAddress = /-[sd] 10\.88\.\d+\.\d+\/32\b/;

/**
 * Returns the output of `iptables-save` without the chains and rules of the cluster; undefined if it has none. Only tables with
 * such rules are in the result, because restoring a table replaces all of it. Rules of other CNI networks are kept.
 */
export function withoutClusterRules(saved: string): string | undefined {
  const tables = saved
    .split(/(?=^\*)/m)
    .filter((table) => table.startsWith("*"))
    .map((table) => ({ table, clean: cleanTable(table) }))
    .filter(({ table, clean }) => table !== clean);
  return tables.length === 0 ? undefined : tables.map(({ clean }) => clean).join("");
}

function cleanTable(table: string): string {
  const lines = table.split("\n");
  const networks = new Set(
    lines.map((line) => cniComment.exec(line)?.[1]).filter((name) => name !== undefined),
  );
  networks.delete(CNI_NETWORK);
  // CNI names the chains of a pod by hash; only the rule that jumps to a chain shows whose it is.
  const chains = new Set(
    lines
      .filter((line) => cniComment.exec(line)?.[1] === CNI_NETWORK)
      .flatMap((line) => line.match(/\bCNI-(DN-)?[0-9a-f]{10,}\b/g) ?? []),
  );
  const isClusterRule = (line: string): boolean =>
    /(^:|\s)KUBE-/.test(line) ||
    cniComment.exec(line)?.[1] === CNI_NETWORK ||
    (line.match(/\bCNI-[\w-]+/g) ?? []).some((chain) => networks.size === 0 || chains.has(chain)) ||
    (line.includes("CNI-") && podAddress.test(line));
  return lines.filter((line) => !isClusterRule(line)).join("\n");
}
