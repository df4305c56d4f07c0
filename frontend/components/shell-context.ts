// What pages may ask of the shell around them.
import { createContext, useContext } from "react"
import type { useMe } from "@/lib/session"
import type { Theme } from "@/lib/theme"

/** What a question to a mentor begins with. */
export type Question = { mentor?: string; about?: string; text?: string }
type Shell = { me: NonNullable<ReturnType<typeof useMe>["data"]>; theme: Theme; create: () => void; ask: (begun?: Question) => void; openNav: () => void }

export const ShellContext = createContext<Shell | null>(null)

export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (!shell) throw new Error("no Shell around this")
  return shell
}
