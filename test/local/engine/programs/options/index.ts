import * as pulumi from "@pulumi/pulumi";
import { Group, Thing, WorldProvider } from "../thing.ts";

const config = new pulumi.Config();
const later = config.get("later") === "true";

pulumi.runtime.registerResourceTransform((args) =>
  args.type === "world:index:Thing" && args.props["spec"] === "to be stamped"
    ? { props: { ...args.props, spec: "stamped" }, opts: args.opts }
    : undefined,
);

const abroad = new WorldProvider("abroad", { region: "eu" });
const group = new Group(
  later ? "renamed" : "group",
  { spec: "to be stamped" },
  {
    providers: [abroad],
    aliases: later ? [{ name: "group" }] : [],
  },
);
const watched = new Thing(
  "watched",
  { spec: { replicas: later ? 9 : 1, image: "a" } },
  { ignoreChanges: ["spec.replicas"], dependsOn: [group], customTimeouts: { create: "5m" } },
);
new Thing(
  "doubled",
  { spec: 21 },
  {
    transforms: [({ props, opts }) => ({ props: { ...props, spec: 2 * (props["spec"] as number) }, opts })],
    hooks: {
      afterCreate: [
        ({ name, id, newInputs }) => pulumi.log.info(`hook: ${name} ${id} ${String(newInputs?.["spec"])}`),
        () => {
          throw new Error("tired");
        },
      ],
    },
  },
);
new Thing("guarded", {}, { protect: !later });
new Thing("inside", { spec: group.thing.name }, { deletedWith: group.thing });
new Thing("sealed", { spec: config.requireSecret("password") }, { additionalSecretOutputs: ["state"] });
if (!later) new Thing("temporary");

export const watchedState = watched.state;
export const stamped = group.thing.spec;
export const password = config.requireSecret("password");
export const nested = { list: [group.thing.id] };
