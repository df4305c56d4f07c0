// How values of the API are worded and moments told. The values themselves are the API's.
const PLURAL_OF_STATES = /_/g

/** in_progress -> In progress */
export function label(value: string): string {
  const words = value.replace(PLURAL_OF_STATES, " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" })
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" })
const DAY_OF_YEAR = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" })
const WHOLE = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" })
const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [["day", 86400], ["hour", 3600], ["minute", 60]]

export function ago(moment: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1000
  if (Math.abs(seconds) > 14 * 86400) return day(moment)
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size)
  return unit ? RELATIVE.format(Math.trunc(seconds / unit[1]), unit[0]) : "now"
}

export function day(date: string): string {
  const at = new Date(date.length === 10 ? `${date}T00:00` : date)
  return (at.getFullYear() === new Date().getFullYear() ? DAY : DAY_OF_YEAR).format(at)
}

export function whole(moment: string): string {
  return WHOLE.format(new Date(moment))
}

/** 14:05 */
export function clock(moment: string): string {
  return CLOCK.format(new Date(moment))
}

export function isPast(date: string): boolean {
  const now = new Date()
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-")
  return date < today
}

/** 95 -> 1 h 35 min */
export function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours ? `${hours} h` : "", rest || !hours ? `${rest} min` : ""].filter(Boolean).join(" ")
}

const SHORT = 160
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** Any value of a field, as in an event. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null) return "none"
  const text = typeof value === "string" ? (MOMENT.test(value) ? whole(value) : value) : Array.isArray(value) ? value.map(valueWords).join(", ") : typeof value === "object" ? Object.values(value).map(valueWords).join(" ") : String(value)
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text
}
