"use client"
// The whole page: who is signed in decides between the door and the shell.
import { QueryClientProvider, useQueryClient } from "@tanstack/react-query"
import { useEffect, useState, useSyncExternalStore } from "react"
import { newQueryClient } from "@/lib/data"
import { Refused } from "@/lib/api"
import { askAtOnce, signIn, takeCode, useMe } from "@/lib/session"
import { Notices, useNotices } from "./notices"
import { Loading, Problem } from "./parts"
import { Shell } from "./shell"
import { fetchPart } from "./shown"
import { SignIn } from "./sign-in"

const never = () => () => {}
const client = newQueryClient()
if (typeof window !== "undefined") {
  fetchPart(window.location.pathname)
  askAtOnce(client)
}

export function Web() {
  const isInBrowser = useSyncExternalStore(never, () => true, () => false)
  if (!isInBrowser) return null // the export is one page for all addresses: what it shows is decided here
  return (
    <QueryClientProvider client={client}>
      <Notices>
        <Entrance />
      </Notices>
    </QueryClientProvider>
  )
}

function Entrance() {
  const client = useQueryClient()
  const [code, setCode] = useState(takeCode)
  const [refused, setRefused] = useState<Error>()
  useEffect(() => {
    if (code === null) return
    signIn({ code })
      .catch((error: unknown) => setRefused(error instanceof Error ? error : undefined))
      .then(() => client.resetQueries())
      .finally(() => setCode(null))
  }, [code, client])
  return code === null ? <Inside refused={refused} /> : <div className="loading" role="status" aria-label="Signing in" />
}

function Inside({ refused }: { refused: Error | undefined }) {
  const me = useMe()
  const client = useQueryClient()
  const { fail } = useNotices()
  const isSignedIn = !!me.data
  useEffect(() => {
    if (refused && isSignedIn) fail(refused) // a link of another person's: who is signed in stays it
  }, [refused, isSignedIn, fail])
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query }) => {
        const error: unknown = query.state.error
        if (error instanceof Refused && error.status === 401 && query.queryKey[0] !== "me") client.setQueryData(["me"], null)
      }),
    [client],
  )
  if (me.isPending) return <Loading />
  if (me.isError) return <Problem error={me.error} />
  return me.data === null ? <SignIn refused={refused} /> : <Shell me={me.data} />
}
