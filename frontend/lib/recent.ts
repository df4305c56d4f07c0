// The latest events. The feed runs from the oldest on; `recent` begins it near its end.
import { api, taken } from "./api"
import type { paths } from "./api-types"

type Page = paths["/v1/events"]["get"]["responses"][200]["content"]["application/json"]

export async function recentEvents(person: string | undefined): Promise<Page["items"]> {
  const kept: Page["items"] = []
  let after = "recent"
  for (let isMore = true; isMore; ) {
    const page: Page = await taken(api.GET("/v1/events", { params: { query: { limit: 100, after, ...(person ? { person } : {}) } } }))
    kept.push(...page.items)
    after = page.next_cursor
    isMore = page.more
  }
  return kept.reverse()
}
