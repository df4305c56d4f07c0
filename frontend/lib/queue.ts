// The work queue and its claims, as the page shows and orders them.
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { api, send, taken } from "./api"
import type { paths } from "./api-types"
import { newKey } from "./data"

type Queue = paths["/v1/queue"]["get"]["responses"][200]["content"]["application/json"]
export type Queued = Queue["items"][number]
export type Claim = paths["/v1/claims"]["get"]["responses"][200]["content"]["application/json"]["items"][number]
type Move = paths["/v1/queue"]["post"]["requestBody"]["content"]["application/json"]
type Moved = paths["/v1/queue"]["post"]["responses"][200]["content"]["application/json"]

const CLAIMS_EVERY = 60_000 // a renewed lease is no event

export function useQueue(project: string | undefined) {
  const query = project ? { project } : {}
  return useQuery({ queryKey: queueKey(project), queryFn: () => taken(api.GET("/v1/queue", { params: { query } })) })
}

export function useClaims(project: string | undefined) {
  const query = project ? { project } : {}
  return useQuery({
    queryKey: ["tool", "claims", project], refetchInterval: CLAIMS_EVERY,
    queryFn: () => taken(api.GET("/v1/claims", { params: { query } })),
  })
}

/** Shown at once where it was dropped; where the server refuses, back where it was. */
export function useMove(project: string | undefined) {
  const client = useQueryClient()
  return async (key: string, index: number): Promise<Moved | undefined> => {
    const before = client.getQueryData<Queue>(queueKey(project))
    const moved = before?.items.find((each) => each.key === key)
    if (!before || !moved) return undefined
    const others = before.items.filter((each) => each !== moved)
    const above = others.slice(0, index).map((each) => ({ ...each, placed: true }))
    const after = above.at(-1)?.key
    const input: Move = { key, ...(after ? { after } : {}), ...(project ? { project } : {}) }
    await client.cancelQueries({ queryKey: queueKey(project) })
    client.setQueryData<Queue>(queueKey(project), { ...before, items: [...above, { ...moved, placed: true }, ...others.slice(index)] })
    try {
      const response = await send("/v1/queue", { method: "POST", body: JSON.stringify(input), headers: { "Idempotency-Key": newKey() } })
      return (await response.json()) as Moved
    } catch (error) {
      client.setQueryData(queueKey(project), before)
      throw error
    } finally {
      await client.invalidateQueries({ queryKey: ["tool"] })
    }
  }
}

function queueKey(project: string | undefined) {
  return ["tool", "queue", project] as const
}
