/** The person or the system that started the run ended it (Ctrl-C, SIGTERM). What had begun is finished and saved. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Interrupted";
  }
}
