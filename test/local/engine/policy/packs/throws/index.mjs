import { PolicyPack } from "@pulumi/policy";

new PolicyPack("throws", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "throws",
      description: "Throws where it should judge.",
      validateResource: ({ type }) => {
        if (type.startsWith("world:")) throw new Error("a bug in the policy");
      },
    },
  ],
});
