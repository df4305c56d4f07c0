// Signing in and out. The key goes to the server once and comes back as a cookie that no script can read.
import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query"
import { api, isRefused, send, taken } from "./api"
import { toolQuery } from "./data"
import { placeOf } from "./route"

export type Proof = { key: string } | { code: string }

export async function signIn(proof: Proof): Promise<void> {
  await send("/v1/session", { method: "POST", body: JSON.stringify(proof) })
}

export async function signOut(): Promise<void> {
  await send("/v1/session", { method: "DELETE", body: "{}" })
}

function linkCode(): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get("code")
}

/** The code of a one-time link, which leaves the address before anything else happens. */
export function takeCode(): string | null {
  const code = linkCode()
  if (code !== null) window.history.replaceState(null, "", "/")
  return code
}

/** Who is signed in: null where nobody is. */
const ME = queryOptions({
  queryKey: ["me"],
  staleTime: Infinity,
  queryFn: async () => {
    try {
      return await taken(api.GET("/v1/me"))
    } catch (error) {
      if (isRefused(error) && error.status === 401) return null
      throw error
    }
  },
})

export function useMe() {
  return useQuery(ME)
}

/** Asks who it is before the page has even drawn itself, and for what the first page shows. */
export function askAtOnce(client: QueryClient): void {
  if (linkCode() !== null) return // it is not known yet who it will be
  void client.prefetchQuery(ME)
  if (placeOf(window.location.pathname).page === "today") void client.prefetchQuery(toolQuery("get_status", {}))
}
