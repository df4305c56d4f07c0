// Light, dark, or as the system has it: kept in the browser's storage.
import { useCallback, useMemo, useState } from "react"

const KEPT = "turbo-theme"
export const THEMES = ["system", "light", "dark"] as const
export type Theme = { name: (typeof THEMES)[number]; set: (name: (typeof THEMES)[number]) => void; next: () => void }

export function useTheme(): Theme {
  const [name, setName] = useState<Theme["name"]>(() => {
    const kept = document.documentElement.dataset.theme
    return THEMES.find((each) => each === kept) ?? "system"
  })
  const set = useCallback((chosen: Theme["name"]) => {
    setName(chosen)
    if (chosen === "system") {
      delete document.documentElement.dataset.theme
      localStorage.removeItem(KEPT)
    } else {
      document.documentElement.dataset.theme = chosen
      localStorage.setItem(KEPT, chosen)
    }
  }, [])
  return useMemo(() => ({ name, set, next: () => set(THEMES[(THEMES.indexOf(name) + 1) % THEMES.length] ?? "system") }), [name, set])
}
