export async function tryCommand(_: {
  name: string;
  model: string | undefined;
  rows: number;
}): Promise<void> {}
