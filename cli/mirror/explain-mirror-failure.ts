export interface FoundationState {
  /** Stack whose foundation creates the registry. @default - the registry is of no foundation */
  foundation: string | undefined;
  /** Whether the state of the foundation has resources; undefined if nobody can tell. */
  isDeployed: () => Promise<boolean | undefined>;
}

/** Returns the error of a mirror, with the advice to deploy the foundation first where nothing of it is deployed: there is no registry then. */
export async function explainMirrorFailure(
  error: unknown,
  { foundation, isDeployed }: FoundationState,
): Promise<unknown> {
  if (!(error instanceof Error) || foundation === undefined) return error;
  if ((await isDeployed()) !== false) return error;
  return new Error(
    `${error.message}\n  deploy the foundation first, nothing of it is deployed: pulumi up --stack ${foundation}`,
    { cause: error },
  );
}
