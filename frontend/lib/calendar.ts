// Days as the API writes them, 2026-12-31, counted without a time zone.
const A_DAY = 86_400_000

/** Its number, counted from 1970. */
export function numberOf(date: string): number {
  return Math.round(Date.parse(`${date}T00:00Z`) / A_DAY)
}

export function dateOf(number: number): string {
  return new Date(number * A_DAY).toISOString().slice(0, 10)
}

export function today(): number {
  const now = new Date()
  return Math.floor((now.getTime() - now.getTimezoneOffset() * 60_000) / A_DAY)
}

/** The Monday of its week: day 0 was a Thursday. */
export function mondayOf(number: number): number {
  return number - ((((number + 3) % 7) + 7) % 7)
}
