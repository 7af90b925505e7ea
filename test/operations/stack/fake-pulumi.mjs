#!/usr/bin/env node
// Stands for the pulumi CLI: writes down how it was called, and answers like a backend with or without the stack.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const args = process.argv.slice(2);
const folder = process.env.FAKE_PULUMI;
const configFile = args[args.indexOf("--config-file") + 1];
const call = {
  args,
  cwd: process.cwd(),
  kubeconfig: process.env.KUBECONFIG,
  running: process.env.SLIPWAY_RUNNING_SERVICES,
  config: args.includes("--config-file") ? readFileSync(configFile, "utf8") : undefined,
};
appendFileSync(join(folder, "calls"), `${JSON.stringify(call)}\n`);
const made = join(folder, "made");
const [command, sub] = args;
if (command === "version") console.log(process.env.FAKE_PULUMI_VERSION ?? "v3.260.0");
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
else if (command === "preview") {
  const events = [
    {
      resourcePreEvent: {
        planning: true,
        metadata: {
          op: "create",
          urn: "urn:pulumi:dev::slipway::kubernetes:core/v1:ConfigMap::settings",
          type: "kubernetes:core/v1:ConfigMap",
          new: { urn: "", type: "", inputs: { data: { a: "b" } } },
        },
      },
    },
    { diagnosticEvent: { prefix: "", message: "a word of the program", color: "", severity: "warning" } },
    {
      summaryEvent: {
        maybeCorrupt: false,
        durationSeconds: 1,
        resourceChanges: { create: 1 },
        policyPacks: {},
      },
    },
  ];
  const log = args[args.indexOf("--event-log") + 1];
  writeFileSync(
    log,
    events.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 0, ...event })}\n`).join(""),
  );
} else if (command === "up" && existsSync(join(folder, "slow"))) {
  // As the CLI does, ends with a failure when a person interrupts it.
  process.once("SIGINT", () => process.exit(255));
  setTimeout(() => process.exit(0), 60_000);
  writeFileSync(join(folder, "working"), "");
}
