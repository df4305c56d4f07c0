"use client"
// Saved views in the navigation.
import { Bookmark, SlidersHorizontal, Users } from "lucide-react"
import { useState } from "react"
import { part } from "@/lib/part"
import { Link } from "@/lib/route"
import { hrefOf, useAddressed, useViews } from "@/lib/views"

const Manage = part(() => import("./view-manage"))

export function ViewLinks() {
  const views = useViews()
  const current = useAddressed().view
  const [isManaging, setManaging] = useState(false)
  if (!views.length) return null
  return (
    <>
      <h2 className="with-button">
        Views
        <button className="icon-button" aria-label="Change the views" title="Rename, order, share, delete" onClick={(event) => (event.stopPropagation(), setManaging(true))}>
          <SlidersHorizontal size={13} aria-hidden />
        </button>
      </h2>
      {views.map((view) => (
        <Link key={view.id} className="nav-link" href={hrefOf(view)} aria-current={view.id === current?.id ? "page" : undefined} title={view.mine ? view.name : `${view.name}, shared by ${view.person}`}>
          {view.mine ? <Bookmark size={15} aria-hidden /> : <Users size={15} aria-hidden />} <span className="ellipsis">{view.name}</span>
        </Link>
      ))}
      {isManaging && <Manage close={() => setManaging(false)} />}
    </>
  )
}
