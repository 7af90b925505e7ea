import { request as httpRequest } from "node:http";
import { sendJson, type Site } from "../network/front.ts";
import type { Account } from "./account.ts";
import type { Apis } from "./apis.ts";

interface Rule {
  conditions: { hostHeader?: { values: string[] } }[];
  actions: { type: string; targetGroupArn?: string }[];
}

/** Application Load Balancers: requests to the host of a listener's rule go to a target of its group; others get the default answer. */
export function loadBalancer(account: Account, apis: Apis): Site {
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
    await new Promise<void>((resolve, reject) => {
      const { method, url, headers } = request;
      const forwarded = httpRequest(
        { host: target.address, port: target.port, method, path: url, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response).on("finish", resolve).on("error", reject);
        },
      );
      forwarded.on("error", reject);
      request.pipe(forwarded);
    });
  };
}
