// The latest events. The feed runs from the oldest on, so all of its pages are passed, and only the last events kept.
import { api, taken } from "./api"
import type { paths } from "./api-types"

type Page = paths["/v1/events"]["get"]["responses"][200]["content"]["application/json"]
const KEPT = 200

export async function recentEvents(person: string | undefined): Promise<Page["items"]> {
  const kept: Page["items"] = []
  let after: string | undefined
  for (let isMore = true; isMore; ) {
    const page: Page = await taken(api.GET("/v1/events", { params: { query: { limit: 100, ...(after ? { after } : {}), ...(person ? { person } : {}) } } }))
    kept.push(...page.items)
    kept.splice(0, kept.length - KEPT)
    after = page.next_cursor
    isMore = page.more
  }
  return kept.reverse()
}
