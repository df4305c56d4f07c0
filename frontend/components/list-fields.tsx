"use client"
// What of many items at once may be set from a list, by kind: the fields that each kind's tool has, in one order.
import type { Arguments, ToolName } from "@/lib/api"
import { choices } from "@/lib/choices"
import { label } from "@/lib/words"
import type { Choice } from "./choose"
import { PRIORITIES, STATUSES, TYPES, usePeople } from "./issue-choices"

export type ListKind = "issue" | "initiative" | "milestone" | "decision" | "document"
type UpdateTool = Extract<ToolName, `update_${string}`>
type Name = "status" | "priority" | "assignee" | "owner" | "type" | "due"
export type ListField = { name: Name; key: string; does: string; free?: string }

const STATUS: ListField = { name: "status", key: "s", does: "Set the status" }
const DUE: ListField = { name: "due", key: "d", does: "Set the day", free: "2026-12-31, friday, +3d" }
const OWNER: ListField = { name: "owner", key: "a", does: "Set the owner" }
const ISSUE: readonly ListField[] = [
  STATUS, { name: "priority", key: "p", does: "Set the priority" }, { name: "assignee", key: "a", does: "Assign" },
  { name: "type", key: "t", does: "Set the type" }, DUE,
]

export const UPDATES = {
  issue: "update_issue", initiative: "update_initiative", milestone: "update_milestone", decision: "update_decision", document: "update_document",
} as const satisfies Record<ListKind, UpdateTool>

export const FIELDS: Record<ListKind, readonly ListField[]> = {
  issue: ISSUE, initiative: [STATUS, OWNER, DUE], milestone: [STATUS, OWNER, DUE], decision: [STATUS], document: [STATUS],
}
const DAYS: readonly Choice[] = [
  { value: "today", text: "Today" }, { value: "tomorrow", text: "Tomorrow" }, { value: "+1w", text: "In a week" }, { value: "none", text: "No day" },
]

export function useFieldChoices(kind: ListKind, name: Name): readonly Choice[] {
  const people = usePeople()
  if (name === "assignee" || name === "owner") return people
  if (name === "due") return DAYS
  if (kind !== "issue") return choices[UPDATES[kind]].status.map((value) => ({ value, text: label(value) }))
  return { status: STATUSES, priority: PRIORITIES, type: TYPES }[name]
}

export function changeOf(key: string, name: Name, value: string): Arguments<UpdateTool> {
  return { key, [name]: value } as Arguments<UpdateTool>
}
