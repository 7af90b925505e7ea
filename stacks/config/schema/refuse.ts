/** Reports that the value at a path of the config breaks a rule. `fix` is needed only if the rule does not say what to do. */
export type Refuse = (path: string[], message: string, fix?: string) => void;
