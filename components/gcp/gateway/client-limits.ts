import type * as gcp from "@pulumi/gcp";

type Rule = gcp.types.input.compute.SecurityPolicyRule;

/** Networks that one rule may name. */
const NETWORKS_PER_RULE = 10;
/** Priority of the rule for everybody; Cloud Armor requires it. */
const DEFAULT_PRIORITY = 2_147_483_647;
const INTERVAL_SECONDS = 300;

/**
 * Returns the rules of a Cloud Armor policy that lets in only the client networks, each address with at most so many requests in five
 * minutes. Without a limit, each address may send as many as it likes.
 */
export function clientLimits(
  clientCidrs: readonly string[],
  requestsPer5Minutes: number | undefined,
): Rule[] {
  const groups = Array.from({ length: Math.ceil(clientCidrs.length / NETWORKS_PER_RULE) }, (_, index) =>
    clientCidrs.slice(index * NETWORKS_PER_RULE, (index + 1) * NETWORKS_PER_RULE),
  );
  return [
    ...groups.map((srcIpRanges, index): Rule => ({
      priority: 1000 + index,
      description: "Clients",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } },
      ...(requestsPer5Minutes === undefined
        ? { action: "allow" }
        : {
            action: "throttle",
            rateLimitOptions: {
              conformAction: "allow",
              exceedAction: "deny(429)",
              enforceOnKey: "IP",
              rateLimitThreshold: { count: requestsPer5Minutes, intervalSec: INTERVAL_SECONDS },
            },
          }),
    })),
    {
      priority: DEFAULT_PRIORITY,
      description: "Everybody else",
      action: "deny(403)",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
    },
  ];
}
