"use client"
// The saved views: renamed, ordered, shared, deleted.
import { Trash2 } from "lucide-react"
import { Link } from "@/lib/route"
import { hrefOf, useViewChanges, useViews, type View } from "@/lib/views"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Empty } from "./parts"
import { useShell } from "./shell-context"
import { Sortable, useRow } from "./sortable"

type Changes = ReturnType<typeof useChanges>

function useChanges() {
  const changes = useViewChanges()
  const { say, fail } = useNotices()
  const told = (work: Promise<unknown>) => void work.catch(fail)
  return {
    change: (change: Parameters<typeof changes.change>[0]) => told(changes.change(change)),
    order: (ids: readonly number[]) => told(changes.order(ids)),
    remove: ({ id, name, page, query, shared, mine }: View) =>
      told(changes.remove(id).then(() => say({
        text: `${name} is deleted`,
        ...(mine ? { action: { label: "Undo", run: () => told(changes.save({ name, page, query, shared })) } } : {}),
      }))),
  }
}

export default function Manage({ close }: { close: () => void }) {
  const { me } = useShell()
  const views = useViews()
  const changes = useChanges()
  const own = views.filter(({ mine }) => mine)
  const others = views.filter(({ mine }) => !mine)
  const ids = own.map(({ id }) => String(id))
  const isLocked = me.key.scope === "read"
  function move(id: string, index: number) {
    const next = ids.filter((each) => each !== id)
    next.splice(index, 0, id)
    changes.order(next.map(Number))
  }
  return (
    <Dialog title="Saved views" close={close}>
      {!views.length && <Empty title="No saved view yet">Set filters on Issues, Board, Queue or Activity, then press “Save view” beside them.</Empty>}
      <Sortable ids={ids} names={own.map(({ name }) => name)} move={move} isLocked={isLocked}>
        <ul className="views" aria-label="Your views">{own.map((view) => <Own key={view.id} view={view} changes={changes} isLocked={isLocked} close={close} />)}</ul>
      </Sortable>
      {others.length > 0 && (
        <>
          <h2 className="keys-of">Shared by others</h2>
          <ul className="views" aria-label="Views of others">
            {others.map((view) => (
              <li key={view.id}>
                <Link className="grow ellipsis" href={hrefOf(view)} onClick={close}>{view.name}</Link>
                <span className="faint tiny">{view.person}</span>
                {me.key.scope === "admin" && <Remove view={view} changes={changes} />}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}

function Own({ view, changes, isLocked, close }: { view: View; changes: Changes; isLocked: boolean; close: () => void }) {
  const { ref, style, isDragged, grip } = useRow(String(view.id), view.name)
  function rename(name: string) {
    if (name.trim() && name.trim() !== view.name) changes.change({ id: view.id, name: name.trim() })
  }
  return (
    <li ref={ref} style={style} data-dragged={isDragged}>
      {!isLocked && grip}
      <input key={view.name} className="field grow" aria-label={`Name of ${view.name}`} defaultValue={view.name} maxLength={80} readOnly={isLocked}
        onBlur={(event) => rename(event.target.value)} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
      <Link className="button quiet" href={hrefOf(view)} onClick={close} aria-label={`Open ${view.name}`}>Open</Link>
      <label className="check small"><input type="checkbox" checked={view.shared} disabled={isLocked} onChange={(event) => changes.change({ id: view.id, shared: event.target.checked })} aria-label={`Share ${view.name}`} /> Shared</label>
      {!isLocked && <Remove view={view} changes={changes} />}
    </li>
  )
}

function Remove({ view, changes }: { view: View; changes: Changes }) {
  return (
    <button className="icon-button" aria-label={`Delete ${view.name}`} title="Delete" onClick={() => changes.remove(view)}>
      <Trash2 size={14} aria-hidden />
    </button>
  )
}
