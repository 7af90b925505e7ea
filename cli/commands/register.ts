import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { FILE_FLAG, MODEL_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const register = command({
  about: "Registers a finished ONNX file as a candidate of a model, and judges it; promotes nothing",
  flags: {
    ...PLATFORM_FLAGS,
    model: text({
      ...MODEL_FLAG,
      about: 'model whose definition has trainer: { kind: "import" }',
      example: "repaid",
      required: true,
    }),
    workload: text({
      about: "workload of the model, where several have one of its name",
      placeholder: "NAME",
      example: "loans",
    }),
    onnx: text({ ...FILE_FLAG, about: "ONNX file", example: "model.onnx", required: true }),
    examples: text({
      ...FILE_FLAG,
      about: "CSV file with rows and the scores that the model must give for them",
      example: "examples.csv",
    }),
    output: text({
      about: "output of the file with the scores, where several could be it",
      placeholder: "NAME",
      example: "probabilities",
    }),
    judge: toggle({ about: "register alone: npm run train judges it later", default: true }),
  },
  examples: [
    "npm run register -- --model repaid --onnx model.onnx",
    "npm run register -- --model repaid --onnx model.onnx --examples examples.csv",
  ],
  exitCodes: {
    1: "the file is refused, or judging it failed; a model that its gate refuses is no failure",
  },
  run: async (flags) => (await import("../run/register.ts")).register(flags),
});
