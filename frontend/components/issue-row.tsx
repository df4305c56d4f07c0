"use client"
// One line that stands for an issue.
import type { CSSProperties, ReactNode } from "react"
import type { Answer } from "@/lib/api"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import { Due, Person, PriorityIcon, StatusIcon, When } from "./parts"

type Listed = Answer<"list_issues">["items"][number]
export type RowIssue = Pick<Listed, "key" | "title" | "status" | "priority"> & Partial<Listed> & { why?: string | undefined; claimed_by?: string | undefined }

/** Of the element around the row, where it is dragged. */
type Row = { ref: (element: HTMLElement | null) => void; style: CSSProperties; "data-dragged": boolean; "data-placed": boolean }
type Given = { issue: RowIssue; isSelected?: boolean; isMarked?: boolean; before?: ReactNode; actions?: ReactNode; row?: Row }

export function IssueRow({ issue, isSelected, isMarked, before, actions, row }: Given) {
  return (
    <li className={actions ?? row ? "with-actions" : undefined} {...row}>
      {before}
      <Link className="issue-row" href={`/${issue.key}`} data-key={issue.key} data-selected={isSelected} data-marked={isMarked}>
        <PriorityIcon value={issue.priority} />
        <span className="key">{issue.key}</span>
        <StatusIcon value={issue.status} />
        <span className="title ellipsis">
          {issue.title}
          {issue.why && <span className="why">{issue.why}</span>}
        </span>
        <span className="end">
          {issue.blocked && <span className="tag tone-red">Waits</span>}
          {issue.type && issue.type !== "task" && <span className="tag">{label(issue.type)}</span>}
          {issue.labels?.slice(0, 3).map((each) => (
            <span key={each} className="tag filled">
              {each}
            </span>
          ))}
          {issue.claimed_by && <span className="tag tone-accent">{issue.claimed_by}</span>}
          {issue.due && <Due date={issue.due} />}
          {issue.updated_at && !issue.due && <When at={issue.updated_at} />}
          {issue.assignee && <Person name={issue.assignee} />}
        </span>
      </Link>
      {actions && <span className="actions">{actions}</span>}
    </li>
  )
}
