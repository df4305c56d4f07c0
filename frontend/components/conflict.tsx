"use client"
// Two changed the same item: both wordings side by side, and what shall stand is the person's to say.
import { useState } from "react"
import { isRecord } from "@/lib/api"
import { label } from "@/lib/words"
import { Dialog } from "./dialog"
import type { ConflictFound } from "./item-edit"

const EDITED = new Set(["title", "description", "text", "instructions", "watches"])

export function Conflict({ conflict }: { conflict: ConflictFound }) {
  const [mine, setMine] = useState(conflict.mine)
  const last = isRecord(conflict.theirs.last_change) ? conflict.theirs.last_change : {}
  return (
    <Dialog title={`${conflict.key} was changed while you edited it`} close={conflict.keepTheirs}>
      <p className="soft small">
        {last.by ? `By ${String(last.by)}. ` : ""}Nothing is lost: this is what is there now, and what you wrote.
      </p>
      {Object.entries(conflict.mine).map(([name, value]) => (
        <div className="sides" key={name}>
          <div>
            <h2>{label(name)} now</h2>
            <pre>{shown(conflict.theirs[name])}</pre>
          </div>
          <div>
            <h2>Yours</h2>
            {typeof value === "string" && EDITED.has(name) ? (
              <textarea className="area" aria-label={`Your ${name}`} defaultValue={value} onChange={(event) => setMine({ ...mine, [name]: event.target.value })} />
            ) : (
              <pre>{shown(value)}</pre>
            )}
          </div>
        </div>
      ))}
      <footer>
        <button className="button" onClick={conflict.keepTheirs}>Keep what is there</button>
        <button className="button primary" onClick={() => void conflict.keepMine(mine)}>Save mine</button>
      </footer>
    </Dialog>
  )
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "none"
  if (Array.isArray(value)) return value.map(shown).join("\n")
  if (isRecord(value)) return String(value.key ?? value.title ?? JSON.stringify(value))
  return String(value)
}
