"use client"
// The door: takes a key, hands it to the server and forgets it.
import { useQueryClient } from "@tanstack/react-query"
import { Zap } from "lucide-react"
import { type FormEvent, useRef, useState } from "react"
import { isRefused } from "@/lib/api"
import { signIn } from "@/lib/session"

export function SignIn({ refused }: { refused: Error | undefined }) {
  const client = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const [error, setError] = useState(refused)
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    const input = field.current
    if (!input?.value.trim()) return
    setBusy(true)
    try {
      await signIn({ key: input.value.trim() })
      input.value = ""
      await client.resetQueries()
    } catch (problem) {
      setError(problem instanceof Error ? problem : undefined)
      setBusy(false)
      input.select()
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>
          <Zap size={20} aria-hidden /> Turbo-Plan
        </h1>
        <p className="soft small">
          Run <code>turbo-client web</code> and this page opens signed in. Or paste a key:
        </p>
        <label>
          API key
          <input ref={field} className="field" type="password" autoComplete="off" spellCheck={false} autoFocus aria-invalid={!!error} />
        </label>
        {error && (
          <p role="alert" className="small tone-red">
            {error.message} {isRefused(error) ? error.hint : ""}
          </p>
        )}
        <button className="button primary" disabled={isBusy}>
          Sign in
        </button>
        <p className="faint tiny">The key goes to this server once. What stays is a cookie that no script can read, and that you can end.</p>
      </form>
    </main>
  )
}
