// What happened, newest first, by the filters of the address.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { api, taken } from "./api"
import type { paths } from "./api-types"

type LookBack = NonNullable<paths["/v1/activity"]["get"]["parameters"]["query"]>
type Activity = paths["/v1/activity"]["get"]["responses"][200]["content"]["application/json"]
export type Event = Activity["items"][number]
export type Filter = Exclude<keyof LookBack, "limit" | "cursor">

// Every filter that the address takes: one that the API adds is a type error here until it stands among them.
const NAMES: Record<Filter, true> = { person: true, machine: true, session: true, project: true, kind: true, key: true, since: true, until: true }
export const FILTERS = Object.keys(NAMES) as Filter[]

export function useActivity(query: URLSearchParams) {
  const filters: LookBack = Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])))
  return useInfiniteQuery({
    queryKey: ["tool", "activity", filters],
    initialPageParam: "",
    queryFn: ({ pageParam }) => taken(api.GET("/v1/activity", {
      params: { query: { ...filters, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
    })),
    getNextPageParam: (last: Activity) => last.next_cursor,
    placeholderData: keepPreviousData,
  })
}
