import type { Account } from "../account/account.ts";
import { forwardRequest } from "../network/forward-request.ts";
import { sendJson, type Site } from "../network/front.ts";
import type { AwsApis } from "./aws-apis.ts";

interface Rule {
  conditions: { hostHeader?: { values: string[] } }[];
  actions: { type: string; targetGroupArn?: string }[];
}

/** Application Load Balancers: requests to the host of a listener's rule go to a target of its group; others get the default answer. */
export function loadBalancer(account: Account, apis: AwsApis): Site {
  return async (request, response) => {
    const host = request.headers.host ?? "";
    const rule = account
      .ofType("aws:lb/listenerRule:ListenerRule")
      .map(({ inputs }) => inputs as unknown as Rule)
      .find(({ conditions }) => conditions.some(({ hostHeader }) => hostHeader?.values.includes(host)));
    if (rule === undefined) return sendJson(response, 404, { error: "no such service" });
    const group = rule.actions.find(({ type }) => type === "forward")?.targetGroupArn ?? "";
    const [target] = apis.targets.get(group) ?? [];
    if (target === undefined) return void response.writeHead(503).end();
    await forwardRequest(request, response, `http://${target.address}:${target.port}${request.url ?? "/"}`);
  };
}
