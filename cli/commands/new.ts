import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { STACK_FLAG, WORKLOAD_FLAG } from "../platform-flags.ts";

const column = { placeholder: "COLUMN" };

export const newCommand = command({
  about: "Writes a workload for your data: looks at it, and says what it found",
  flags: {
    name: text({ ...WORKLOAD_FLAG, about: "name of the new workload", required: true }),
    from: text({
      about: "CSV, JSON or Parquet file; several of the same columns with commas, or a pattern in quotes",
      placeholder: "FILE",
      example: "loans.csv",
      required: true,
    }),
    target: text({ ...column, about: "column to predict", example: "repaid", required: true }),
    time: text({
      ...column,
      about: "column with the time of the prediction: the newest rows are for testing",
      example: "applied_at",
    }),
    key: text({
      placeholder: "COLUMN[,COLUMN]",
      about: "columns that identify a row; without it the first id that is unique",
      example: "id",
    }),
    task: text({
      about: "binary, multiclass, regression or ranking; without it the target tells",
      placeholder: "TASK",
      example: "regression",
      pattern: /^(binary|multiclass|regression|ranking)$/,
      rule: "must be binary, multiclass, regression or ranking",
    }),
    group: text({ ...column, about: "ranking: column whose rows are ranked together", example: "search" }),
    serve: toggle({ about: "add no service to the stack's file", default: true }),
    stack: STACK_FLAG,
  },
  positional: "name",
  examples: [
    "npm run new -- loans --from loans.csv --target repaid",
    "npm run new -- prices --from sales.parquet --target price --time sold_at --no-serve",
  ],
  exitCodes: { 2: "a wrong flag, or data that cannot be used: nothing was written" },
  run: async (flags) => (await import("../run/new.ts")).newCommand(flags),
});
