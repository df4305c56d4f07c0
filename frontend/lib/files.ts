// The names of pages. Each is exported as a file of its own; the server answers an item's address with item.html.
export const PAGES = [
  "issues", "board", "timeline", "queue", "activity", "initiatives", "milestones", "decisions", "documents", "mentors", "machines", "import", "settings",
] as const
export const FILES = ["item", "sign-in", ...PAGES] as const
