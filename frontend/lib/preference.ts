// What a person prefers in this browser alone: the project that new issues go to.
const KEPT = "turbo-project"

export function preferredProject(): string | undefined {
  return localStorage.getItem(KEPT) ?? undefined
}

export function preferProject(key: string | undefined): void {
  if (key) localStorage.setItem(KEPT, key)
  else localStorage.removeItem(KEPT)
}
