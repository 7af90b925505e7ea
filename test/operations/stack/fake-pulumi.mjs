#!/usr/bin/env node
// Stands for the pulumi CLI: writes down how it was called, and answers like a backend with or without the stack.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const args = process.argv.slice(2);
const folder = process.env.FAKE_PULUMI;
const configFile = args[args.indexOf("--config-file") + 1];
const call = {
  args,
  kubeconfig: process.env.KUBECONFIG,
  running: process.env.SLIPWAY_RUNNING_SERVICES,
  config: args.includes("--config-file") ? readFileSync(configFile, "utf8") : undefined,
};
appendFileSync(join(folder, "calls"), `${JSON.stringify(call)}\n`);
const made = join(folder, "made");
const [command, sub] = args;
if (command === "version") console.log("v3.260.0");
else if (command === "preview" && args.includes("--help")) console.log("--stack");
else if (command === "stack" && sub === "select" && !existsSync(made)) {
  console.error("error: no stack named 'dev' found");
  process.exitCode = 255;
} else if (command === "stack" && sub === "init") writeFileSync(made, "");
else if (command === "stack" && sub === "output")
  console.log(
    JSON.stringify({
      services: [{ environment: "production", name: "p", reference: `w/p/model@sha256:${"a".repeat(64)}` }],
    }),
  );
else if (command === "stack" && sub === "export")
  console.log(JSON.stringify({ version: 3, deployment: { resources: [{}, {}] } }));
else if (command === "stack" && sub === "history") console.log("[]");
