"use client"
// How an item hangs together with others: drawn, or as a list.
import { useState } from "react"
import { ahead } from "@/lib/ahead"
import { part } from "@/lib/part"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import type { Whole } from "./item-edit"
import { Loading, StatusIcon } from "./parts"

const Graph = ahead(part(() => import("./relation-graph"), <Loading />))
const NARROW = "(max-width: 760px)"

/** `isBefore`: stands on the left of the item, because it comes before it, or is what it is a part of. */
export type Related = { key: string; title: string; status?: string | undefined; relation: string; isBefore: boolean }

export function relatedTo(item: Whole): Related[] {
  const one = (relation: string, isBefore: boolean) => (to: { key: string; title: string; status?: string | undefined }) => ({
    key: to.key, title: to.title, status: to.status, relation, isBefore,
  })
  return [
    ...(item.parent ? [item.parent] : []).map(one("Part of", true)),
    ...(item.initiative ? [item.initiative] : []).map(one("For", true)),
    ...(item.milestone ? [item.milestone] : []).map(one("Due with", true)),
    ...(item.blocked_by ?? []).map(one("Waits for", true)),
    ...(item.blocks ?? []).map(one("Blocks", false)),
    ...(item.sub_issues ?? []).map(one("Part", false)),
    ...(item.links ?? []).map((link) => one(label(link.type), link.type.endsWith("_by"))(link)),
  ]
}

export function Relations({ item }: { item: Whole }) {
  const related = relatedTo(item)
  const [isList, setList] = useState(() => window.matchMedia(NARROW).matches)
  if (!related.length) return null
  return (
    <section>
      <h2>
        <span className="grow">Relations</span>
        <span className="switch" role="group" aria-label="Show relations">
          <button aria-pressed={!isList} onClick={() => setList(false)}>Graph</button>
          <button aria-pressed={isList} onClick={() => setList(true)}>List</button>
        </span>
      </h2>
      {isList ? <List related={related} /> : <Graph item={item} related={related} showAll={() => setList(true)} />}
    </section>
  )
}

function List({ related }: { related: readonly Related[] }) {
  return (
    <ul aria-label="Relations">
      {related.map(({ key, title, status, relation }) => (
        <li className="relation" key={relation + key}>
          <span className="faint">{relation}</span>
          <Link className="to" href={`/${key}`}>
            {status && <StatusIcon value={status} />}
            <span className="faint tiny">{key}</span>
            <span className="name ellipsis">{title}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
