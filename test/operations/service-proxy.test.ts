import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, it } from "vitest";
import { getFromService } from "../../operations/service-proxy.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";

const ADDRESS = { namespace: "monitoring", service: "prometheus", port: 9090 };
const PATH = "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/alerts";

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await fakeCluster({ [PATH]: { data: { alerts: [] } } });
});
afterEach(() => cluster.close());

it("gets JSON from a service through the API server", async () => {
  expect(await getFromService(cluster.kube, ADDRESS, "/api/v1/alerts")).toEqual({ data: { alerts: [] } });
  expect(cluster.requests).toEqual([`GET ${PATH}`]);
});

it("names the service, the path and the status of a refusal, and a part of its body", async () => {
  cluster.answers.set(PATH, 503);
  await expect(getFromService(cluster.kube, ADDRESS, "/api/v1/alerts")).rejects.toThrow(
    /^monitoring\/prometheus\/api\/v1\/alerts answered 503: .*is refused with 503/,
  );
});

it("says that the answer is no JSON, and where it is from", async () => {
  cluster.answers.set(PATH, "<html>");
  await expect(getFromService(cluster.kube, ADDRESS, "/api/v1/alerts")).rejects.toThrow(
    "monitoring/prometheus/api/v1/alerts must answer with JSON, got <html>",
  );
});

it("fails where the API server is gone, or the kubeconfig names no cluster", async () => {
  await cluster.close();
  await expect(getFromService(cluster.kube, ADDRESS, "/api/v1/alerts")).rejects.toThrow("ECONNREFUSED");
  await expect(getFromService(new KubeConfig(), ADDRESS, "/")).rejects.toThrow(
    "the kubeconfig names no cluster: check its current-context",
  );
});
