// Light, dark, or as the system has it. The one thing this page keeps in the browser's storage.
import { useState } from "react"

const KEPT = "turbo-theme"
const ORDER = ["system", "light", "dark"] as const
export type Theme = { name: (typeof ORDER)[number]; next: () => void }

export function useTheme(): Theme {
  const [name, setName] = useState<Theme["name"]>(() => {
    const kept = document.documentElement.dataset.theme
    return ORDER.find((each) => each === kept) ?? "system"
  })
  function next() {
    const chosen = ORDER[(ORDER.indexOf(name) + 1) % ORDER.length] ?? "system"
    setName(chosen)
    if (chosen === "system") {
      delete document.documentElement.dataset.theme
      localStorage.removeItem(KEPT)
    } else {
      document.documentElement.dataset.theme = chosen
      localStorage.setItem(KEPT, chosen)
    }
  }
  return { name, next }
}
