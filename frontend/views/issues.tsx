"use client"
// The list of issues: filtered by its address, walked by keys, changed in bulk.
import { Bar } from "@/components/bar"
import { useList } from "@/components/bulk"
import { Filters, useFilters } from "@/components/filters"
import { IssueRow } from "@/components/issue-row"
import { Empty, Waiting } from "@/components/parts"
import { usePages } from "@/lib/data"

export default function Issues() {
  const filters = useFilters({ status: ["open"] })
  const issues = usePages("list_issues", { ...filters.input, limit: 50 })
  const rows = issues.data?.pages.flatMap(({ items }) => items) ?? []
  const list = useList("issue", rows.map(({ key }) => key))
  const page = issues.data?.pages[0]
  return (
    <>
      <Bar title="Issues" />
      <Filters filters={filters} />
      {list.bar}
      <div className="scroll" tabIndex={-1} onClickCapture={list.onClickCapture}>
        <Waiting query={issues} />
        <ul aria-label="Issues">
          {rows.map((issue) => (
            <IssueRow key={issue.key} issue={issue} {...list.shown(issue.key)} />
          ))}
        </ul>
        {page?.total === 0 && (filters.query.size ? <Empty title="No issue fits these filters">Clear one, or all of them.</Empty> : (
          <Empty title="Nothing is open" command="c">Create the first issue here, or let an agent do it: “put this into Turbo”.</Empty>
        ))}
        {rows.length > 0 && (
          <div className="more">
            <span>{rows.length} of {page?.total}{page?.total_is_capped ? " or more" : ""}</span>
            {issues.hasNextPage && <button className="button" disabled={issues.isFetchingNextPage} onClick={() => void issues.fetchNextPage()}>Show more</button>}
          </div>
        )}
      </div>
      {list.menu}
    </>
  )
}
