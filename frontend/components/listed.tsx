"use client"
// Goals, decisions and documents as rows; each opens as an item of its own.
import { isRecord } from "@/lib/api"
import { usePages } from "@/lib/data"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Bar } from "./bar"
import { useList } from "./bulk"
import type { ListKind } from "./list-fields"
import { Due, Empty, Person, Progress, Waiting, When } from "./parts"

type Row = Record<string, unknown>
type Given = { kind: Exclude<ListKind, "issue">; title: string; empty: string; command: string }

export function Listed({ kind, title, empty, command }: Given) {
  const items = usePages("list_items", { kind, limit: 50 })
  const rows: Row[] = items.data?.pages.flatMap((page) => page.items as Row[]) ?? []
  const list = useList(kind, rows.map(({ key }) => String(key)))
  return (
    <>
      <Bar title={title} />
      {list.bar}
      <div className="scroll" onClickCapture={list.onClickCapture}>
        <Waiting query={items} />
        <ul aria-label={title}>{rows.map((row) => <One key={String(row.key)} row={row} {...list.shown(String(row.key))} />)}</ul>
        {items.data?.pages[0]?.total === 0 && <Empty title={`No ${title.toLowerCase()} yet`} command={command}>{empty}</Empty>}
        {items.hasNextPage && <div className="more"><button className="button" onClick={() => void items.fetchNextPage()}>Show more</button></div>}
      </div>
      {list.menu}
    </>
  )
}

function One({ row, isSelected, isMarked }: { row: Row; isSelected: boolean; isMarked: boolean }) {
  const { done, total, percent } = isRecord(row.progress) ? row.progress : {}
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : undefined)
  const [owner, due, status, at] = [text("owner"), text("due"), text("status"), text("updated_at") ?? text("decided_at")]
  return (
    <li>
      <Link className="card-row" href={`/${row.key}`} data-key={row.key} data-selected={isSelected} data-marked={isMarked}>
        <span className="key">{String(row.key)}</span>
        <span className="title ellipsis">{String(row.title)}</span>
        {total === undefined ? <span className="spare" /> : <Progress percent={Number(percent ?? 0)} done={Number(done)} total={Number(total)} />}
        <span>{status && <span className="tag">{label(status)}</span>}</span>
        <span className="row faint tiny spare">{owner && <Person name={owner} />}{due ? <Due date={due} isOpen={!text("finished_at")} /> : at && <When at={at} />}</span>
      </Link>
    </li>
  )
}
