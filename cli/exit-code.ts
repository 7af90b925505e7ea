/** Exit codes that every command has. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** The request names something that does not exist, does not fit the stack, or needs a workload that breaks a rule: nothing was done. */
  usage: 2,
  /** Ended by Ctrl-C: started operations were finished and saved. */
  interrupted: 130,
} as const;

export const EXIT_MEANING: Readonly<Record<number, string>> = {
  [EXIT.ok]: "done",
  [EXIT.failed]: "failed: the message says why",
  [EXIT.usage]: "wrong command, flag, stack or workload: nothing was done",
  [EXIT.interrupted]: "interrupted: started operations were finished and saved",
};
