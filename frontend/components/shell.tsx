"use client"
// The frame of every page: navigation, palette, keys, and the dialogs that open from anywhere.
import { lazy, Suspense, useState } from "react"
import type { useMe } from "@/lib/session"
import { useKeys } from "@/lib/keys"
import { useLive } from "@/lib/live"
import { isConversation, navigate, type Place, placeOf, useAddress } from "@/lib/route"
import { useTheme } from "@/lib/theme"
import { Bar } from "./bar"
import { Create } from "./create"
import { HelpSheet } from "./help"
import { Nav, NAMES } from "./nav"
import { Palette } from "./palette"
import { Empty } from "./parts"
import { type Question, ShellContext } from "./shell-context"

type Me = NonNullable<ReturnType<typeof useMe>["data"]>
type Open = "palette" | "search" | "create" | "ask" | "help" | "nav" | null

const VIEWS = {
  today: lazy(() => import("@/views/today")),
  issues: lazy(() => import("@/views/issues")),
  board: lazy(() => import("@/views/board")),
  timeline: lazy(() => import("@/views/timeline")),
  queue: lazy(() => import("@/views/queue")),
  activity: lazy(() => import("@/views/activity")),
  initiatives: lazy(() => import("@/views/initiatives")),
  milestones: lazy(() => import("@/views/milestones")),
  decisions: lazy(() => import("@/views/decisions")),
  documents: lazy(() => import("@/views/documents")),
  mentors: lazy(() => import("@/views/mentors")),
  machines: lazy(() => import("@/views/machines")),
  import: lazy(() => import("@/views/import")),
  settings: lazy(() => import("@/views/settings")),
}
const Item = lazy(() => import("@/views/item"))
const Mentor = lazy(() => import("@/views/mentor"))
const Conversation = lazy(() => import("@/views/conversation"))
const Ask = lazy(() => import("./ask"))

export function Shell({ me }: { me: Me }) {
  const [open, setOpen] = useState<Open>(null)
  const { path } = useAddress()
  const place = placeOf(path)
  const theme = useTheme()
  const [question, setQuestion] = useState<Question>({})
  useLive()
  useKeys([
    { keys: "c", does: "Create an issue", run: () => setOpen("create") },
    ...(me.key.scope === "read" ? [] : [{ keys: "m", does: "Ask a mentor", run: () => ask() }]),
    { keys: "/", does: "Search", run: () => setOpen("search") },
    { keys: "?", does: "Show the keys", run: () => setOpen("help") },
    { keys: "Ctrl K", does: "Find or do anything", run: () => setOpen("palette") }, // bound by the palette: it is heard in fields too
  ])
  useKeys(NAMES.map(({ page, href, key }) => ({ keys: `g ${key}`, does: page, run: () => navigate(href) })), "Go to")
  function ask(begun: Question = {}) {
    setQuestion(begun)
    setOpen("ask")
  }
  const shell = { me, theme, create: () => setOpen("create"), ask, openNav: () => setOpen("nav") }
  return (
    <ShellContext.Provider value={shell}>
      <div className="shell">
        <Nav place={place} me={me} isOpen={open === "nav"} close={() => setOpen(null)} find={() => setOpen("palette")} theme={theme} />
        <main className="main">
          <Suspense fallback={<div className="loading" role="status" aria-label="Loading" />}>
            <Shown place={place} />
          </Suspense>
        </main>
      </div>
      <Palette mode={open === "palette" || open === "search" ? open : null} setMode={setOpen} ask={me.key.scope === "read" ? undefined : ask} theme={theme} />
      {open === "ask" && <Suspense><Ask question={{ ...placed(place), ...question }} close={() => setOpen(null)} /></Suspense>}
      {open === "create" && <Create close={() => setOpen(null)} />}
      {open === "help" && <HelpSheet close={() => setOpen(null)} />}
    </ShellContext.Provider>
  )
}

/** Whom and what a question is about that is asked from there. */
function placed(place: Place): Question {
  if (place.page !== "item" || isConversation(place.key)) return {}
  return place.key.startsWith("@") ? { mentor: place.key.slice(1) } : { about: place.key }
}

function Shown({ place }: { place: Place }) {
  if (place.page === "item" && isConversation(place.key)) return <Conversation key={place.key} itemKey={place.key} />
  if (place.page === "item" && place.key.startsWith("@")) return <Mentor key={place.key} handle={place.key} />
  if (place.page === "item") return <Item key={place.key} itemKey={place.key} />
  if (place.page === "unknown") return <NoSuchPage />
  const View = VIEWS[place.page]
  return <View />
}

function NoSuchPage() {
  return (
    <>
      <Bar title="No such page" />
      <Empty title="There is no such page">Press / to search, or ? to see the keys.</Empty>
    </>
  )
}
