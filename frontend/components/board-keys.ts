"use client"
// Walking the board by keys: down and up a column, and across to the card that stands beside. The focus says where one is.
import { useKeys } from "@/lib/keys"

const CARDS = ".card[data-key]"

export function useBoardKeys(): void {
  useKeys(
    [
      { keys: "j, ArrowDown", does: "Next", run: () => walk(1) },
      { keys: "k, ArrowUp", does: "Previous", run: () => walk(-1) },
      { keys: "h, ArrowLeft", does: "The column before", run: () => cross(-1) },
      { keys: "l, ArrowRight", does: "The column after", run: () => cross(1) },
    ],
    "In this list",
  )
}

function walk(step: number): void {
  const card = focused()
  if (!card) return first()
  const position = Number(card.closest("li")?.getAttribute("aria-posinset")) + step
  card.closest("ol")?.querySelector<HTMLElement>(`li[aria-posinset="${position}"] > ${CARDS}`)?.focus()
}

function cross(step: number): void {
  const card = focused()
  if (!card) return first()
  const columns = [...document.querySelectorAll(".column")].filter((column) => column.querySelector(CARDS))
  const height = card.getBoundingClientRect().top
  const there = columns[columns.findIndex((column) => column.contains(card)) + step]
  const distance = (other: Element) => Math.abs(other.getBoundingClientRect().top - height)
  cards(there).sort((one, other) => distance(one) - distance(other))[0]?.focus()
}

function first(): void {
  cards(document)[0]?.focus()
}

function focused(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(CARDS) ?? null
}

function cards(within: ParentNode | undefined): HTMLElement[] {
  return [...(within?.querySelectorAll<HTMLElement>(CARDS) ?? [])]
}
