// Signing in and out. The key goes to the server once and comes back as a cookie that no script can read.
import { useQuery } from "@tanstack/react-query"
import { api, isRefused, send, taken } from "./api"

export type Proof = { key: string } | { code: string }

export async function signIn(proof: Proof): Promise<void> {
  await send("/v1/session", { method: "POST", body: JSON.stringify(proof) })
}

export async function signOut(): Promise<void> {
  await send("/v1/session", { method: "DELETE", body: "{}" })
}

/** The code of a one-time link, which leaves the address before anything else happens. */
export function takeCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get("code")
  if (code !== null) window.history.replaceState(null, "", "/")
  return code
}

/** Who is signed in: null where nobody is. */
export function useMe() {
  return useQuery({
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
}
