// A window of time that curves are looked at.

/** Moments with their zone; both null: the latest collected peak. */
export interface Window {
  since: string | null
  until: string | null
}
