import { kubernetesReason } from "../kubernetes-error.ts";
import { knownFix } from "./known-fix.ts";

/** A part that is missing or does not answer, and the command that mends it. */
export interface Problem {
  /** Such as `registry 10.88.0.1:5000`. */
  about: string;
  reason: string;
  fix: string;
}

/** Collects problems, so that one part that does not answer does not hide the others. */
export class Problems {
  readonly #found = new Map<string, Problem>();

  /** Adds a problem. Only the first problem of a part is kept: the others follow from it. */
  add(problem: Problem): void {
    if (!this.#found.has(problem.about)) this.#found.set(problem.about, problem);
  }

  /** Returns the result of `work`. Where it throws, adds a problem, with the error's own mend if it has one, and returns `otherwise`. */
  async attempt<T, U>(
    { about, fix }: Pick<Problem, "about" | "fix">,
    otherwise: U,
    work: () => Promise<T>,
  ): Promise<T | U> {
    try {
      return await work();
    } catch (error) {
      this.add({ about, ...(knownFix(error) ?? { reason: kubernetesReason(error), fix }) });
      return otherwise;
    }
  }

  list(): Problem[] {
    return [...this.#found.values()];
  }
}
