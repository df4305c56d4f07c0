"use client"
// Taking back one change, or all of an agent session: shown first, then done.
import { useState } from "react"
import type { Arguments } from "@/lib/api"
import { useCall, useTool } from "@/lib/data"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Waiting } from "./parts"

type Asked = Pick<Arguments<"undo">, "event" | "session">

export function useUndo() {
  const [asked, setAsked] = useState<Asked>()
  return { ask: setAsked, dialog: asked && <Ask asked={asked} close={() => setAsked(undefined)} /> }
}

function Ask({ asked, close }: { asked: Asked; close: () => void }) {
  const plan = useTool("undo", { ...asked })
  const undo = useCall("undo")
  const { say, fail } = useNotices()
  async function confirm() {
    try {
      const { undone = 0 } = await undo.mutateAsync({ ...asked, confirm: true })
      say({ text: undone === 1 ? "One change was taken back" : `${undone} changes were taken back` })
      close()
    } catch (error) {
      fail(error)
    }
  }
  return (
    <Dialog title={asked.session ? "Undo this session" : "Undo this change"} close={close}>
      <Waiting query={plan} />
      <ol>
        {plan.data?.steps.map((each) => (
          <li key={each.event} className="small" style={{ padding: "4px 0" }}>
            <strong>{each.key}</strong> {each.action} by {each.by}<span className="change">{each.what}</span>
          </li>
        ))}
      </ol>
      {plan.data?.in_the_way?.map((each) => <p key={each} className="small tone-red">{each}</p>)}
      {plan.data?.left_as_it_is?.map((each) => <p key={each} className="small soft">{each}</p>)}
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button primary" disabled={!plan.data?.would_undo || !!plan.data.in_the_way?.length || undo.isPending} onClick={() => void confirm()}>Undo</button>
      </footer>
    </Dialog>
  )
}
