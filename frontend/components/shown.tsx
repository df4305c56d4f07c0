"use client"
// What an address shows. Its part of the program is fetched as soon as the address is known.
import { Activity, type ComponentType, memo, useState } from "react"
import { ahead } from "@/lib/ahead"
import { type Load, part } from "@/lib/part"
import { isConversation, KeptAddress, placeOf, useHref } from "@/lib/route"
import Today from "@/views/today"
import { Bar } from "./bar"
import { Empty, Loading } from "./parts"

const page = <Props extends object>(load: Load<Props>) => ahead(part(load, <Loading />))

const PAGES = {
  issues: page(() => import("@/views/issues")),
  board: page(() => import("@/views/board")),
  timeline: page(() => import("@/views/timeline")),
  queue: page(() => import("@/views/queue")),
  activity: page(() => import("@/views/activity")),
  initiatives: page(() => import("@/views/initiatives")),
  milestones: page(() => import("@/views/milestones")),
  decisions: page(() => import("@/views/decisions")),
  documents: page(() => import("@/views/documents")),
  mentors: page(() => import("@/views/mentors")),
  machines: page(() => import("@/views/machines")),
  import: page(() => import("@/views/import")),
  settings: page(() => import("@/views/settings")),
}
const VIEWS: Record<Name, ComponentType> = { today: Today, ...PAGES } // where one begins, it is a part of the whole
const Item = page(() => import("@/views/item"))
const Mentor = page(() => import("@/views/mentor"))
const Conversation = page(() => import("@/views/conversation"))
const OF_ITEMS = { item: Item, mentor: Mentor, conversation: Conversation }

/** Before anything is shown, and even before it is known whether somebody is signed in. */
export function fetchPart(path: string): void {
  const place = placeOf(path)
  if (place.page === "unknown" || place.page === "today") return
  const { fetch } = place.page === "item" ? OF_ITEMS[viewOf(place.key)] : PAGES[place.page]
  fetch().catch(() => undefined) // who shows it asks again
}

type Name = keyof typeof PAGES | "today"
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
            <OfPage key={page.name} name={page.name} />
          </Activity>
        </KeptAddress>
      )}
      {place.page === "item" && <OfItem itemKey={place.key} />}
      {place.page === "unknown" && <NoSuchPage />}
    </>
  )
})

const OfPage = memo(function OfPage({ name }: { name: Name }) {
  const View = VIEWS[name]
  return <View />
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
