import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { SERVICE_FLAG, STACK_FLAG } from "../platform-flags.ts";

export const pin = command({
  about: "Pins the model of a service: changes one digest in the stack's file",
  flags: {
    stack: STACK_FLAG,
    service: text({ ...SERVICE_FLAG, required: true }),
    digest: text({
      about: "digest of the model",
      placeholder: "DIGEST",
      example: "sha256:…",
      pattern: /^sha256:[0-9a-f]{64}$/,
      rule: "must be sha256: and 64 hexadecimal digits",
      required: true,
    }),
    canary: toggle({ about: "pin the model of the service's canary" }),
    accept: text({
      about: "reason for which the version may be served although its gate refuses it",
      placeholder: "REASON",
      example: "the old test rows are wrong, see issue 12",
      pattern: /.{10,}/,
      rule: "must say the reason in a sentence of at least 10 characters",
    }),
    check: toggle({ about: "do not check the version in the registry", default: true }),
  },
  examples: ["npm run pin -- --stack prod --service production/pushback --digest sha256:…"],
  exitCodes: {
    1: "the file is as it was: the registry has no such digest, its parts belong to another model, or its gate refuses it",
  },
  run: async (flags) => (await import("../run/pin.ts")).pin(flags),
});
