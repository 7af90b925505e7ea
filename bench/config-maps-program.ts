import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** The program that engine.bench.ts runs: ConfigMaps, for which neither engine waits. */
const config = new pulumi.Config("conformance");
const namespace = config.require("namespace");
for (let i = 0; i < config.requireNumber("count"); i++)
  new k8s.core.v1.ConfigMap(`map-${i}`, { metadata: { namespace }, data: { key: `value ${i}` } });
