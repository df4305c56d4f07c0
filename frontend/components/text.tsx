"use client"
// Markdown that is fetched when the first text is shown.
import { lazy, Suspense } from "react"
import { ahead } from "@/lib/ahead"

const PLAIN = 400 // characters, as they were written
const Markdown = lazy(ahead(() => import("./markdown")))

export function Text({ text, keys }: { text: string; keys?: readonly string[] | undefined }) {
  return (
    <Suspense fallback={<div className="prose plain">{text.slice(0, PLAIN)}</div>}>
      <Markdown text={text} keys={keys} />
    </Suspense>
  )
}
