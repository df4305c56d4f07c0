// Mentors and conversations: the addresses that only this page asks. Whatever happens refreshes them like all else.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query"
import { api, send, taken } from "./api"
import type { paths } from "./api-types"
import { newKey, useRefresh } from "./data"

type Taken<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Body } } } } } ? Body : never
type Posted = { [Path in keyof paths]: paths[Path] extends { post: { requestBody: unknown } } ? Path : never }[keyof paths]
type Input<Path extends Posted> = paths[Path] extends { post: { requestBody: { content: { "application/json": infer Body } } } } ? Body : never
type Output<Path extends Posted> = paths[Path] extends { post: { responses: { 200: { content: { "application/json": infer Body } } } } } ? Body : never

export type Mentor = Taken<"/v1/mentors">["items"][number]
export type ConversationRow = Taken<"/v1/conversations">["items"][number]
export type Conversation = Taken<"/v1/conversation">
export type Turn = Conversation["turns"][number]
export type Proposal = Conversation["proposals"][number]
export type Usage = Taken<"/v1/usage">
export type Used = Usage["days"][number]["total"]
export type State = ConversationRow["status"]
export type Filter = { mentor?: string; status?: string }

const WHILE_ANSWERING = 1000
const PAGE = 30

export function useMentors(isArchived = false) {
  return useQuery({
    queryKey: ["tool", "mentors", isArchived],
    queryFn: ({ signal }) => taken(api.GET("/v1/mentors", { params: { query: { archived: isArchived } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export function useConversations(filter: Filter) {
  return useInfiniteQuery({
    queryKey: ["tool", "conversations", filter],
    initialPageParam: "",
    queryFn: ({ signal, pageParam }) => {
      const { status, ...rest } = filter
      const query = { ...rest, limit: PAGE, ...(status ? { status: [status] } : {}), ...(pageParam ? { cursor: pageParam } : {}) }
      return taken(api.GET("/v1/conversations", { params: { query }, signal }))
    },
    getNextPageParam: (last: Taken<"/v1/conversations">) => last.next_cursor ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(({ status }) => status === "working")) ? 3 * WHILE_ANSWERING : false),
    placeholderData: keepPreviousData,
  })
}

/** With `limit` of its latest questions. An answer that is under way is asked for each second: its words are no events. */
export function useConversation(key: string, limit: number) {
  return useQuery({
    queryKey: ["tool", "conversation", key, limit],
    queryFn: ({ signal }) => taken(api.GET("/v1/conversation", { params: { query: { key, limit } }, signal })),
    refetchInterval: ({ state }) => (state.data?.turns.some((turn) => turn.state === "working") ? WHILE_ANSWERING : false),
    placeholderData: keepPreviousData,
  })
}

export function useUsage(days: number) {
  return useQuery({
    queryKey: ["tool", "usage", days],
    queryFn: ({ signal }) => taken(api.GET("/v1/usage", { params: { query: { days } }, signal })),
    placeholderData: keepPreviousData,
  })
}

/** A POST that is done once, however often it has to be sent. */
export function usePost<Path extends Posted>(path: Path) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (input: Input<Path>) => {
      const headers = { "Idempotency-Key": newKey() }
      const response = await send(path, { method: "POST", body: JSON.stringify(input), headers })
      return (await response.json()) as Output<Path>
    },
    onSettled: refresh,
  })
}

/** 0.0421 -> $0.04; what is less than a cent is told as that. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return "under $0.01"
  return `$${usd.toFixed(2)}`
}
