/** Notes that the value at a path of the config breaks a rule. `fix` says what to do, where the rule alone does not. */
export type Refuse = (path: string[], message: string, fix?: string) => void;
