// Reading and calling tools from components; whatever was written makes what is shown be read anew.
import { keepPreviousData, QueryClient, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type Answer, type Arguments, call, isRefused, type ToolName } from "./api"

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false, // the events tell what changed
        retry: (count, error) => count < 2 && isRefused(error) && (error.status === 0 || error.status >= 500),
      },
    },
  })
}

/** What a tool answers, under its name and arguments. */
export function toolQuery<Name extends ToolName>(name: Name, input: Arguments<Name>) {
  return queryOptions({ queryKey: ["tool", name, input], queryFn: ({ signal }) => call(name, input, signal) })
}

/** All that the page of an item shows. */
export function itemQuery(key: string) {
  return toolQuery("get_item", { key, include: ["comments", "work_log", "links", "history"] })
}

export function useTool<Name extends ToolName>(name: Name, input: Arguments<Name>, isWanted = true) {
  return useQuery({ ...toolQuery(name, input), placeholderData: keepPreviousData, enabled: isWanted })
}

type PageInput = { cursor?: string }

/** All pages of a list that were asked for so far. */
export function usePages<Name extends "list_issues" | "list_items" | "search">(name: Name, input: Arguments<Name>, isWanted = true) {
  return useInfiniteQuery({
    queryKey: ["tool", name, "pages", input],
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const page: PageInput = pageParam ? { cursor: pageParam } : {}
      return call(name, { ...input, ...page }, signal)
    },
    getNextPageParam: (last: Answer<Name>) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: isWanted,
  })
}

export function useCall<Name extends ToolName>(name: Name) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (input: Arguments<Name>) => call(name, input, undefined, newKey()),
    onSettled: refresh,
  })
}

export function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ["tool"] })
}

/** As crypto.randomUUID, which a page without TLS does not have. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}
