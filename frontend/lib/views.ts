// Saved views: filters of a page under a name, kept on the server.
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { api, send, taken } from "./api"
import type { paths } from "./api-types"
import { useAddress } from "./route"

export type View = paths["/v1/views"]["get"]["responses"][200]["content"]["application/json"]["items"][number]
type New = paths["/v1/views"]["post"]["requestBody"]["content"]["application/json"]
type Change = paths["/v1/views/change"]["post"]["requestBody"]["content"]["application/json"]

const KEY = ["views"] as const

export function useViews(): readonly View[] {
  const views = useQuery({ queryKey: KEY, staleTime: 60_000, refetchOnWindowFocus: "always", queryFn: () => taken(api.GET("/v1/views")) })
  return views.data?.items ?? []
}

export function hrefOf({ page, query }: Pick<View, "page" | "query">): string {
  return `/${page}${query ? `?${query}` : ""}`
}

/** The page and filters of the address, and the view that has these, one's own before others'. */
export function useAddressed(): { page: string; query: string; view: View | undefined } {
  const { path, query } = useAddress()
  const page = path.replace(/^\/+|\/+$/g, "")
  const here = sorted(query)
  const view = useViews().find((each) => each.page === page && sorted(new URLSearchParams(each.query)) === here)
  return { page, query: query.toString(), view }
}

function sorted(query: URLSearchParams): string {
  return [...query].map((pair) => pair.map(encodeURIComponent).join("=")).sort().join("&")
}

/** Each throws Refused. */
export function useViewChanges() {
  const client = useQueryClient()
  async function ask(path: string, body: object, method = "POST") {
    try {
      await send(path, { method, body: JSON.stringify(body) })
    } finally {
      await client.invalidateQueries({ queryKey: KEY })
    }
  }
  /** Shown at once; where the server refuses, as it was. */
  async function show(changed: (views: View[]) => View[]) {
    await client.cancelQueries({ queryKey: KEY })
    client.setQueryData<{ items: View[] }>(KEY, (had) => had && { items: changed(had.items) })
  }
  return {
    save: (view: New) => ask("/v1/views", view),
    change: async (change: Change) => {
      await show((views) => views.map((each) => (each.id === change.id ? { ...each, ...change } : each)))
      await ask("/v1/views/change", change)
    },
    remove: (id: number) => ask("/v1/views", { id }, "DELETE"),
    order: async (ids: readonly number[]) => {
      await show((views) => views.toSorted((one, two) => at(ids, one) - at(ids, two)))
      await ask("/v1/views/order", { ids })
    },
  }
}

function at(ids: readonly number[], { id }: View): number {
  return ids.includes(id) ? ids.indexOf(id) : ids.length
}
