import { appendFileSync } from "node:fs";
import { PolicyPack } from "@pulumi/policy";

console.log(`pid ${process.pid}`);

const isThing = ({ type }) => type === "world:index:Thing";

new PolicyPack("tiny", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "no-bad-spec",
      description: "A spec must not be bad.",
      severity: "high",
      configSchema: { properties: { bad: { type: "string", default: "bad" } } },
      validateResource: (args, report) => {
        if (isThing(args) && args.props.spec === args.getConfig().bad) report(`found ${args.props.spec}`);
      },
    },
    {
      name: "advice",
      description: "A thing should have a label.",
      enforcementLevel: "advisory",
      validateResource: (args, report) => {
        if (isThing(args) && args.props.label === undefined) report("no label");
      },
    },
    {
      name: "adds-owner",
      description: "A thing has an owner.",
      enforcementLevel: "remediate",
      // Not a copy: to read what is unknown is an error.
      remediateResource: (args) =>
        isThing(args) ? Object.assign(args.props, { owner: "policy" }) : undefined,
      validateResource: (args, report) => {
        if (isThing(args) && args.props.owner === undefined) report("no owner");
      },
    },
    {
      name: "switched-off",
      description: "Is not run.",
      enforcementLevel: "disabled",
      validateResource: (_args, report) => report("ran"),
    },
    {
      name: "not-too-many",
      description: "A stack has few things.",
      validateStack: ({ resources }, report) => {
        const things = resources.filter(isThing);
        if (things.length > 3) report(`${things.length} things`, things[0].urn);
      },
    },
    {
      name: "notes",
      description: "Notes what it is shown.",
      enforcementLevel: "advisory",
      configSchema: { properties: { file: { type: "string" } } },
      validateResource: (args) => {
        const { file } = args.getConfig();
        if (!file) return;
        const { urn, opts, provider, props } = args;
        const keys = Object.keys(props);
        appendFileSync(file, `${JSON.stringify({ urn, opts, provider: provider?.type, keys })}\n`);
      },
    },
  ],
});
