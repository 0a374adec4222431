/** What a log cannot begin without has been refused: it ends with 111, and nothing else does. */
export class Fatal extends Error {
  readonly what: string
  readonly why: unknown

  /** @param what `unable to …`. @param why What was thrown. */
  constructor(what: string, why: unknown) {
    super(what)
    this.what = what
    this.why = why
  }
}
