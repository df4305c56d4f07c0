"use client"
// The frame of every page: navigation, palette, keys, and the dialogs that open from anywhere.
import { lazy, Suspense, useMemo, useState } from "react"
import type { useMe } from "@/lib/session"
import { useKeys } from "@/lib/keys"
import { useLive } from "@/lib/live"
import { navigate, type Place, placeOf, useAddress } from "@/lib/route"
import { useTheme } from "@/lib/theme"
import { Bar } from "./bar"
import { Create } from "./create"
import { HelpSheet } from "./help"
import { Nav, NAMES } from "./nav"
import { Palette } from "./palette"
import { Empty } from "./parts"
import { ShellContext } from "./shell-context"

type Me = NonNullable<ReturnType<typeof useMe>["data"]>
type Open = "palette" | "search" | "create" | "help" | "nav" | null

const VIEWS = {
  today: lazy(() => import("@/views/today")),
  issues: lazy(() => import("@/views/issues")),
  board: lazy(() => import("@/views/board")),
  queue: lazy(() => import("@/views/queue")),
  activity: lazy(() => import("@/views/activity")),
  initiatives: lazy(() => import("@/views/initiatives")),
  milestones: lazy(() => import("@/views/milestones")),
  decisions: lazy(() => import("@/views/decisions")),
  documents: lazy(() => import("@/views/documents")),
  machines: lazy(() => import("@/views/machines")),
}
const Item = lazy(() => import("@/views/item"))

export function Shell({ me }: { me: Me }) {
  const [open, setOpen] = useState<Open>(null)
  const { path } = useAddress()
  const place = placeOf(path)
  const theme = useTheme()
  useLive()
  useKeys([
    { keys: "c", does: "Create an issue", run: () => setOpen("create") },
    { keys: "/", does: "Search", run: () => setOpen("search") },
    { keys: "?", does: "Show the keys", run: () => setOpen("help") },
    ...NAMES.map(({ page, href, key }) => ({ keys: `g ${key}`, does: page, run: () => navigate(href) })),
  ])
  const shell = useMemo(() => ({ me, create: () => setOpen("create"), openNav: () => setOpen("nav") }), [me])
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
      <Palette mode={open === "palette" || open === "search" ? open : null} setMode={setOpen} theme={theme} />
      {open === "create" && <Create close={() => setOpen(null)} />}
      {open === "help" && <HelpSheet close={() => setOpen(null)} />}
    </ShellContext.Provider>
  )
}

function Shown({ place }: { place: Place }) {
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
