import { kubernetesReason } from "../kubernetes-error.ts";

/** Something that is missing or does not answer, and the command that mends it. */
export interface Problem {
  /** Such as `registry 10.88.0.1:5000`. */
  about: string;
  reason: string;
  fix: string;
}

/** Collects problems, so that what does not answer takes nothing else with it. */
export class Problems {
  readonly #found = new Map<string, Problem>();

  /** The first problem about a thing stays: the ones after it follow from it. */
  add(problem: Problem): void {
    if (!this.#found.has(problem.about)) this.#found.set(problem.about, problem);
  }

  /** The result of `work`, or `otherwise` and a problem where it throws. */
  async attempt<T, U>(
    { about, fix }: Pick<Problem, "about" | "fix">,
    otherwise: U,
    work: () => Promise<T>,
  ): Promise<T | U> {
    try {
      return await work();
    } catch (error) {
      this.add({ about, reason: kubernetesReason(error), fix });
      return otherwise;
    }
  }

  list(): Problem[] {
    return [...this.#found.values()];
  }
}
