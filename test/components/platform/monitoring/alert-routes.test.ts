import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  AlertRoutes,
  type AlertRoutesArgs,
} from "../../../../components/platform/monitoring/alert-routes.ts";
import { find, list, named, record, type Recorded } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<AlertRoutesArgs> | "local") =>
  record(() => {
    const { monitoringEnvironment, registry } = stage();
    const image = registry.image("runtime");
    return new AlertRoutes("alerts", {
      environment: monitoringEnvironment,
      ...(args === "local" ? { localReceiver: { registry, image } } : args),
    });
  });
const slackUrl = pulumi.secret("https://hooks.example.com/T0/B0/x");

const config = (resources: readonly Recorded[]): unknown => {
  const { data } = find(resources, "kubernetes:core/v1:ConfigMap", "alerts-config");
  return parse((data as Record<string, string>)["alertmanager.yml"] ?? "");
};

const local = await build("local");

test("a webhook outside of the cluster needs a secret, routes, and a network policy", async () => {
  const { resources, result } = await build({ slackUrl });
  expect(list(named(resources, "alerts"))).toEqual([
    "kubernetes:core/v1:ConfigMap alerts-config",
    "kubernetes:core/v1:Secret alerts-slack-url",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy alerts-egress",
    "slipway:alerts:AlertRoutes alerts",
  ]);
  expect(find(resources, "kubernetes:core/v1:Secret", "alerts-slack-url")).toMatchObject({
    immutable: true,
    stringData: { secret: { url: "https://hooks.example.com/T0/B0/x" } },
  });
  expect(JSON.stringify(config(resources))).not.toContain("hooks.example.com");
  expect(result.receiverUrl).toBeUndefined();
});

test("a secret from elsewhere is used by its name, and may come later", async () => {
  const { resources, result } = await build({ slackUrlSecret: "slack-webhook" });
  expect(named(resources, "alerts").some(({ type }) => type === "kubernetes:core/v1:Secret")).toBe(false);
  expect(result.urlSecret).toBe("slack-webhook");
  expect(result.mayLackUrl).toBe(true);
});

test("the local receiver is one restricted pod behind a Service, and the webhook is its address", async () => {
  const { resources, result } = local;
  expect(list(named(resources, "alerts"))).toEqual([
    "kubernetes:apps/v1:Deployment alerts-receiver-deployment",
    "kubernetes:core/v1:ConfigMap alerts-config",
    "kubernetes:core/v1:Secret alerts-slack-url",
    "kubernetes:core/v1:Service alerts-receiver-service",
    "kubernetes:core/v1:ServiceAccount alerts-receiver-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy alerts-receiver-ingress",
    "slipway:alerts:AlertRoutes alerts",
  ]);
  expect(result.receiverUrl).toBe("http://alerts-receiver.monitoring.svc:8080");
  expect(find(resources, "kubernetes:core/v1:Secret", "alerts-slack-url")["stringData"]).toEqual({
    secret: { url: "http://alerts-receiver.monitoring.svc:8080/" },
  });
  expect(find(resources, "kubernetes:apps/v1:Deployment", "alerts-receiver-deployment")).toMatchObject({
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            { args: ["receive-alerts"], readinessProbe: { httpGet: { path: "/healthz", port: "http" } } },
          ],
        },
      },
    },
  });
});

test("a group waits 30 seconds for more alerts, and repeats after twelve hours, a critical one after one hour", async () => {
  expect(config(local.resources)).toMatchObject({
    route: {
      receiver: "slack",
      group_by: ["namespace", "alertname"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "720m",
      routes: [
        { receiver: "none", matchers: ['alertname = "Watchdog"'] },
        { receiver: "slack", matchers: ['severity = "critical"'], repeat_interval: "60m" },
      ],
    },
    receivers: [
      { name: "none" },
      { name: "slack", slack_configs: [{ api_url_file: "/run/slack-url/url", send_resolved: true }] },
    ],
  });
  const told = await build({ slackUrl, groupWaitSeconds: 1, repeatMinutes: 30 });
  expect(config(told.resources)).toMatchObject({
    route: { group_wait: "1s", repeat_interval: "30m", routes: [{}, { repeat_interval: "30m" }] },
  });
});

test("a critical alert silences less severe ones of the same name, service and namespace", async () => {
  expect(config(local.resources)).toMatchObject({
    inhibit_rules: [
      {
        source_matchers: ['severity = "critical"'],
        target_matchers: ['severity =~ "warning|info"'],
        equal: ["namespace", "alertname", "service"],
      },
      { source_matchers: ['severity = "warning"'], target_matchers: ['severity = "info"'] },
    ],
  });
});

test.each<[Partial<AlertRoutesArgs>, string]>([
  [{}, "alerts: exactly one of slackUrl, slackUrlSecret and localReceiver must be given, got 0"],
  [{ slackUrl: "https://x.example", slackUrlSecret: "x" }, "must be given, got 2"],
  [{ slackUrlSecret: "x", groupWaitSeconds: -1 }, "alerts: groupWaitSeconds must be at least 0, got -1"],
  [{ slackUrlSecret: "x", repeatMinutes: 4 }, "alerts: repeatMinutes must be at least 5, got 4"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
