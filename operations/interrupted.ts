/** A person or the system ended the run (Ctrl-C, SIGTERM). Operations that had begun are finished and saved. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Interrupted";
  }
}
