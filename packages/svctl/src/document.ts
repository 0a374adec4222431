/** What svctl prints as JSON: one document in a line, or one in each line when it follows. docs/svctl-json.md has the fields. */

/** @param schema Its name and version. Dates become RFC 3339 in UTC; what is not known is null. */
export function documentOf(schema: string, content: object, now = new Date()): string {
  return JSON.stringify({ schema, time: now, ...content }, (_, value: unknown) => (value === undefined ? null : value))
}
