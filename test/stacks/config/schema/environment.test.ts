import { describe, expect, test } from "vitest";
import { check, dev, file } from "../dev-stack-file.ts";

describe("environments and services", () => {
  const services = (text: string): string[] =>
    check(
      dev.replace(
        /slipway:environments:[\s\S]*?\n {2}slipway:featureStore/,
        `slipway:environments:\n${text}  slipway:featureStore`,
      ),
    ).problems;
  const of = (...names: string[]): string =>
    `{ services: { ${names.map((name) => `${name}: { workload: flight-delays, modelName: pushback }`).join(", ")} } }\n`;

  test("must have different names after they are joined", () => {
    expect(services(`    prod: ${of("eu-fraud")}    prod-eu: ${of("fraud")}`)).toEqual([
      `${file}:14: slipway:environments.prod-eu.services.fraud: must have another name: prod-eu-fraud is also the name of eu-fraud of prod; change line 14 of ${file}`,
      `${file}:14: slipway:environments.prod-eu.services.fraud: must have another name: prod-eu-fraud-drift is also the name of eu-fraud of prod, or its drift job; change line 14 of ${file}`,
    ]);
  });

  test.each(["fraud-metrics", "fraud-drift"])(
    "must not have the name of an object of another service: %s",
    (name) => {
      expect(services(`    prod: ${of("fraud", name)}`).join()).toContain(
        `services.${name}: must have another name`,
      );
      expect(services(`    prod: ${of(name)}`)).toEqual([]);
    },
  );

  test("must fit their quota, and the error names the number to change", () => {
    const three = "{ workload: flight-delays, modelName: pushback, replicas: 3, memoryMib: 4096 }";
    expect(services(`    prod: { services: { fraud: ${three} } }\n`)).toEqual([
      `${file}:13: slipway:environments.prod.services.fraud.replicas: must fit the environment's quota of 16384 MiB of memory: its services need 17152, including their drift jobs and one more pod for a rolling update, got 3; raise environments.prod.quota.memoryMib, or lower replicas`,
    ]);
    expect(services(`    prod: { services: { fraud: ${three} }, quota: { memoryMib: 17152 } }\n`)).toEqual(
      [],
    );
  });

  test("must have room for all pods that an autoscaler may add", () => {
    const scaled = (autoscaling: string): string =>
      services(
        `    prod: { services: { fraud: { workload: flight-delays, modelName: pushback, replicas: 3, autoscaling: ${autoscaling} } } }\n`,
      ).join();
    expect(scaled("{ maxReplicas: 3 }")).toContain(
      "services.fraud.autoscaling.maxReplicas: must be more than replicas, which is 3, got 3",
    );
    expect(scaled("{ maxReplicas: 60 }")).toContain(
      "services.fraud.autoscaling.maxReplicas: must fit the environment's quota of 4000 thousandths of a core",
    );
    expect(scaled("{ maxReplicas: 4, cpuPercent: 96 }")).toContain("cpuPercent: must be at most 95, got 96");
    expect(scaled("{ maxReplicas: 6, cpuPercent: 60, external: true }")).toContain(
      "services.fraud.autoscaling.cpuPercent: must be left out beside external: true, because your own autoscaler decides, got 60",
    );
    expect(scaled("{ maxReplicas: 6 }")).toBe("");
    expect(scaled("{ maxReplicas: 6, external: true }")).toBe("");
  });
});
