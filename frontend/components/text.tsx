"use client"
// Markdown that is fetched when the first text is shown.
import { ahead } from "@/lib/ahead"
import { part } from "@/lib/part"

const PLAIN = 400 // characters, as they were written

export const Text = ahead(part(() => import("./markdown"), ({ text }) => <div className="prose plain">{text.slice(0, PLAIN)}</div>))
