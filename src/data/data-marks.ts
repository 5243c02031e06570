// What people and checks said about data, in the order they said it: a source is blocked or free, a series was verified or was not (DATA-07).

export type DataMark = {
  /** `source:polygon` or `snapshot:<id>`. */
  readonly subject: string
  readonly mark: 'blocked' | 'unblocked' | 'verified' | 'unverified'
  readonly reason: string
  readonly at: number
}

export interface DataMarks {
  add(mark: DataMark): Promise<void>
  /** All, oldest first: the last one of a subject holds. */
  list(): Promise<readonly DataMark[]>
}

/** The mark that holds of each subject. */
export function standing(marks: readonly DataMark[]): ReadonlyMap<string, DataMark> {
  return new Map(marks.map(mark => [mark.subject, mark]))
}
