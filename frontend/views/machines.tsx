"use client"
// The person's keys: which machine has which, when it was used last, and an end to it.
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { Dialog } from "@/components/dialog"
import { useNotices } from "@/components/notices"
import { Waiting, When } from "@/components/parts"
import { api, send, taken } from "@/lib/api"
import type { paths } from "@/lib/api-types"
import { day, label } from "@/lib/words"

type Key = paths["/v1/keys"]["get"]["responses"][200]["content"]["application/json"]["items"][number]

export default function Machines() {
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => taken(api.GET("/v1/keys")) })
  const [ending, setEnding] = useState<Key>()
  return (
    <>
      <Bar title="Machines and keys" />
      <div className="scroll">
        <Waiting query={keys} />
        <div className="wide" tabIndex={0} role="region" aria-label="Keys">
          <table className="plain">
            <thead><tr><th>Key</th><th>Machine</th><th>Scope</th><th>Last used</th><th>Ends</th><th><span className="hidden-text">End it</span></th></tr></thead>
            <tbody>
              {keys.data?.items.map((key) => (
                <tr key={key.id}>
                  <td><strong style={{ fontWeight: 500 }}>{key.name}</strong> <span className="faint mono tiny">…{key.last4}</span> {key.is_current && <span className="tag tone-accent">This session</span>}</td>
                  <td>{key.machine ?? <span className="faint">none</span>}</td>
                  <td>{label(key.scope)}{key.projects ? ` in ${key.projects.join(", ")}` : ""}</td>
                  <td>{key.last_used_at ? <When at={key.last_used_at} /> : <span className="faint">never</span>}</td>
                  <td>{key.expires_at ? day(key.expires_at) : <span className="faint">never</span>}</td>
                  <td><button className="button quiet danger" onClick={() => setEnding(key)} aria-label={`Revoke ${key.name}`}>Revoke</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {ending && <Revoke apiKey={ending} close={() => setEnding(undefined)} />}
    </>
  )
}

function Revoke({ apiKey, close }: { apiKey: Key; close: () => void }) {
  const client = useQueryClient()
  const { say, fail } = useNotices()
  async function revoke() {
    try {
      await send("/v1/keys", { method: "DELETE", body: JSON.stringify({ id: apiKey.id }) })
      say({ text: `${apiKey.name} is revoked` })
      close()
      await client.invalidateQueries({ queryKey: apiKey.is_current ? ["me"] : ["keys"] })
    } catch (error) {
      fail(error)
    }
  }
  return (
    <Dialog title={`Revoke ${apiKey.name}?`} close={close}>
      <p>{apiKey.machine ? `${apiKey.machine} is` : "Whatever uses it is"} refused from then on.{apiKey.is_current ? " This page was signed in with it, and is signed out." : ""} That cannot be taken back.</p>
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button danger" onClick={() => void revoke()}>Revoke</button>
      </footer>
    </Dialog>
  )
}
