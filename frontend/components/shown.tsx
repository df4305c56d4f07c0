"use client"
// What an address shows. Its part of the program is fetched as soon as the address is known.
import { Activity, type ComponentType, lazy, memo, Suspense, useState } from "react"
import { ahead } from "@/lib/ahead"
import { isConversation, KeptAddress, placeOf, useHref } from "@/lib/route"
import Today from "@/views/today"
import { Bar } from "./bar"
import { Empty, Loading } from "./parts"

const PAGES = {
  issues: () => import("@/views/issues"),
  board: () => import("@/views/board"),
  timeline: () => import("@/views/timeline"),
  queue: () => import("@/views/queue"),
  activity: () => import("@/views/activity"),
  initiatives: () => import("@/views/initiatives"),
  milestones: () => import("@/views/milestones"),
  decisions: () => import("@/views/decisions"),
  documents: () => import("@/views/documents"),
  mentors: () => import("@/views/mentors"),
  machines: () => import("@/views/machines"),
  import: () => import("@/views/import"),
  settings: () => import("@/views/settings"),
}
const OF_ITEMS = { item: () => import("@/views/item"), mentor: () => import("@/views/mentor"), conversation: () => import("@/views/conversation") }

type Name = keyof typeof PAGES | "today"
const VIEWS: Partial<Record<Name, ComponentType>> = { today: Today } // where one begins, it is a part of the whole
for (const name of Object.keys(PAGES) as (keyof typeof PAGES)[]) VIEWS[name] = lazy(ahead<{ default: ComponentType }>(PAGES[name]))
const Item = lazy(ahead(OF_ITEMS.item))
const Mentor = lazy(ahead(OF_ITEMS.mentor))
const Conversation = lazy(ahead(OF_ITEMS.conversation))

/** Before anything is shown, and even before it is known whether somebody is signed in. */
export function fetchPart(path: string): void {
  const place = placeOf(path)
  if (place.page === "unknown" || place.page === "today") return
  const load = place.page === "item" ? OF_ITEMS[viewOf(place.key)] : PAGES[place.page]
  load().catch(() => undefined) // who shows it asks again
}

type Page = { name: Name; href: string }

/** A page stays as it is, hidden, while an item is shown that was opened from it: one comes back to the same place. */
export const Shown = memo(function Shown() {
  const href = useHref()
  const place = placeOf(new URL(href, window.location.origin).pathname)
  const [page, setPage] = useState<Page>()
  const isPage = place.page !== "item" && place.page !== "unknown"
  if (isPage && page?.href !== href) setPage({ name: place.page, href })
  return (
    <>
      {page && (
        <KeptAddress value={isPage ? undefined : page.href}>
          <Activity mode={isPage ? "visible" : "hidden"}>
            <Suspense fallback={<Loading />}><OfPage key={page.name} name={page.name} /></Suspense>
          </Activity>
        </KeptAddress>
      )}
      {place.page === "item" && <Suspense fallback={<Loading />}><OfItem itemKey={place.key} /></Suspense>}
      {place.page === "unknown" && <NoSuchPage />}
    </>
  )
})

const OfPage = memo(function OfPage({ name }: { name: Name }) {
  const View = VIEWS[name]
  return View && <View />
})

function OfItem({ itemKey }: { itemKey: string }) {
  const view = viewOf(itemKey)
  if (view === "conversation") return <Conversation key={itemKey} itemKey={itemKey} />
  return view === "mentor" ? <Mentor key={itemKey} handle={itemKey} /> : <Item key={itemKey} itemKey={itemKey} />
}

function viewOf(key: string): keyof typeof OF_ITEMS {
  if (isConversation(key)) return "conversation"
  return key.startsWith("@") ? "mentor" : "item"
}

function NoSuchPage() {
  return (
    <>
      <Bar title="No such page" />
      <Empty title="There is no such page">Press / to search, or ? to see the keys.</Empty>
    </>
  )
}
