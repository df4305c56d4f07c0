"use client"
// The item in the middle, what comes before it on the left, what follows from it on the right. Each box is a link.
import type { MouseEvent } from "react"
import { navigate } from "@/lib/route"
import type { Whole } from "./item-edit"
import { toneOf } from "./parts"
import type { Related } from "./relations"

const WIDTH = 780
const BOX = { width: 212, height: 42, gap: 10 }
const MIDDLE = 188
const WAY = 150
const MOST = 7 // on a side; the list has all

type Placed = Related & { x: number; y: number }

export default function Graph({ item, related, showAll }: { item: Whole; related: readonly Related[]; showAll: () => void }) {
  const sides = [related.filter(({ isBefore }) => isBefore), related.filter(({ isBefore }) => !isBefore)] as const
  const rows = Math.max(...sides.map((side) => Math.min(side.length, MOST)), 1)
  const height = rows * (BOX.height + BOX.gap) - BOX.gap + 4
  const isOneSided = !sides[0].length || !sides[1].length
  const width = isOneSided ? BOX.width + WAY + MIDDLE + 4 : WIDTH // the room of an empty side is not shown
  const [before, after] = [place(sides[0], 2, height), place(sides[1], width - BOX.width - 2, height)]
  const from = !isOneSided ? (width - MIDDLE) / 2 : before.length ? width - MIDDLE - 2 : 2
  const hidden = related.length - before.length - after.length
  return (
    <>
      <svg className="graph" viewBox={`0 0 ${width} ${height}`} style={{ maxWidth: width }} role="group" aria-label={`What ${item.key} hangs together with`}>
        {before.map((each) => <Edge key={each.relation + each.key} node={each} middle={[from, height / 2]} />)}
        {after.map((each) => <Edge key={each.relation + each.key} node={each} middle={[from + MIDDLE, height / 2]} />)}
        {[...before, ...after].map((each) => <Relation key={each.relation + each.key} node={each} />)}
        {[...before, ...after].map((each) => <Node key={each.relation + each.key} node={each} />)}
        <g className="middle" transform={`translate(${from} ${(height - BOX.height) / 2})`}>
          <rect width={MIDDLE} height={BOX.height} rx={8} />
          <Label itemKey={item.key} title={item.title} status={item.status} width={MIDDLE} />
        </g>
      </svg>
      {hidden > 0 && <p className="faint tiny">{hidden} more: <button className="tone-accent" onClick={showAll}>show all as a list</button></p>}
    </>
  )
}

function place(side: readonly Related[], x: number, height: number): Placed[] {
  const shown = side.slice(0, MOST)
  const top = (height - shown.length * (BOX.height + BOX.gap) + BOX.gap) / 2
  return shown.map((each, index) => ({ ...each, x, y: top + index * (BOX.height + BOX.gap) }))
}

function sideOf({ x, y, isBefore }: Placed): [number, number] {
  return [isBefore ? x + BOX.width : x, y + BOX.height / 2]
}

function Edge({ node, middle: [toX, toY] }: { node: Placed; middle: [number, number] }) {
  const [x, y] = sideOf(node)
  const half = (x + toX) / 2
  return <path className={isBlocking(node) ? "edge blocking" : "edge"} d={`M ${x} ${y} C ${half} ${y}, ${half} ${toY}, ${toX} ${toY}`} aria-hidden />
}

/** Drawn after all lines, so that none runs through it. */
function Relation({ node }: { node: Placed }) {
  const [x, y] = sideOf(node)
  return <text className={isBlocking(node) ? "edge blocking" : "edge"} x={node.isBefore ? x + 10 : x - 10} y={y + 3.5} textAnchor={node.isBefore ? "start" : "end"} aria-hidden>{node.relation}</text>
}

function isBlocking({ relation }: Placed): boolean {
  return relation === "Waits for" || relation === "Blocks"
}

function Node({ node }: { node: Placed }) {
  function open(event: MouseEvent) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    navigate(`/${node.key}`)
  }
  return (
    <g transform={`translate(${node.x} ${node.y})`}>
      <a href={`/${node.key}`} onClick={open}>
        <title>{`${node.relation} ${node.key} ${node.title}`}</title>
        <rect width={BOX.width} height={BOX.height} rx={8} />
        <Label itemKey={node.key} title={node.title} status={node.status} width={BOX.width} />
      </a>
    </g>
  )
}

function Label({ itemKey, title, status, width }: { itemKey: string; title: string; status: string | undefined; width: number }) {
  const room = Math.floor((width - 24) / 6.4)
  return (
    <g aria-hidden>
      {status && <circle className={`fill-${toneOf(status)}`} cx={15} cy={14.5} r={4} />}
      <text className="of-key" x={status ? 25 : 11} y={18}>{itemKey}{status ? ` · ${status.replace(/_/g, " ")}` : ""}</text>
      <text x={11} y={33}>{title.length > room ? `${title.slice(0, room - 1).trimEnd()}…` : title}</text>
    </g>
  )
}
