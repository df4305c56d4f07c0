"use client"
// The frame of every page: navigation, palette, keys, and the dialogs that open from anywhere.
import { useCallback, useEffect, useMemo, useState } from "react"
import type { useMe } from "@/lib/session"
import { ahead, useItemsAhead, useParts } from "@/lib/ahead"
import { useKeys } from "@/lib/keys"
import { part } from "@/lib/part"
import { useLive } from "@/lib/live"
import { isConversation, navigate, type Place, placeOf, useAddress } from "@/lib/route"
import { Shown } from "./shown"
import { useTheme } from "@/lib/theme"
import { Nav, NAMES } from "./nav"
import { Coming } from "./parts"
import { type Question, ShellContext } from "./shell-context"

type Me = NonNullable<ReturnType<typeof useMe>["data"]>
type Open = "palette" | "search" | "create" | "ask" | "help" | "nav" | null

const Palette = ahead(part(() => import("./palette"), <Coming />))
const Create = ahead(part(() => import("./create"), <Coming />))
const HelpSheet = ahead(part(() => import("./help"), <Coming />))
const Ask = ahead(part(() => import("./ask"), <Coming />))

export function Shell({ me }: { me: Me }) {
  const [open, setOpen] = useState<Open>(null)
  const { path } = useAddress()
  const place = placeOf(path)
  const theme = useTheme()
  const [question, setQuestion] = useState<Question>({})
  const mayWrite = me.key.scope !== "read"
  const close = () => setOpen(null)
  useLive()
  useParts()
  useItemsAhead()
  usePaletteKey(setOpen)
  useKeys([
    { keys: "c", does: "Create an issue", run: () => setOpen("create") },
    ...(mayWrite ? [{ keys: "m", does: "Ask a mentor", run: () => ask() }] : []),
    { keys: "/", does: "Search", run: () => setOpen("search") },
    { keys: "?", does: "Show the keys", run: () => setOpen("help") },
    { keys: "Ctrl K", does: "Find or do anything", run: () => setOpen("palette") }, // bound below: it is heard in fields too
  ])
  useKeys(NAMES.map(({ page, href, key }) => ({ keys: `g ${key}`, does: page, run: () => navigate(href) })), "Go to")
  const ask = useCallback((begun: Question = {}) => {
    setQuestion(begun)
    setOpen("ask")
  }, [])
  const shell = useMemo(() => ({ me, theme, create: () => setOpen("create"), ask, openNav: () => setOpen("nav") }), [me, theme, ask])
  return (
    <ShellContext.Provider value={shell}>
      <div className="shell">
        <Nav place={place} me={me} isOpen={open === "nav"} close={close} find={() => setOpen("palette")} theme={theme} />
        <main className="main">
          <Shown />
        </main>
      </div>
      {(open === "palette" || open === "search") && <Palette mode={open} setMode={setOpen} ask={mayWrite ? ask : undefined} theme={theme} />}
      {open === "ask" && <Ask question={{ ...placed(place), ...question }} close={close} />}
      {open === "create" && <Create close={close} />}
      {open === "help" && <HelpSheet close={close} />}
    </ShellContext.Provider>
  )
}

/** Whom and what a question is about that is asked from there. */
function placed(place: Place): Question {
  if (place.page !== "item" || isConversation(place.key)) return {}
  return place.key.startsWith("@") ? { mentor: place.key.slice(1) } : { about: place.key }
}

function usePaletteKey(setOpen: (open: "palette") => void): void {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen("palette")
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [setOpen])
}
