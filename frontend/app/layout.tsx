import type { Metadata, Viewport } from "next"
import type { ReactNode } from "react"
import { EARLY } from "@/lib/early"
import "@fontsource-variable/inter/wght.css"
import "@/styles/tokens.css"
import "@/styles/base.css"
import "@/styles/shell.css"
import "@/styles/dialog.css"
import "@/styles/list.css"
import "@/styles/board.css"
import "@/styles/item.css"
import "@/styles/prose.css"
import "@/styles/mentors.css"
import "@/styles/conversation.css"
import "@/styles/cost.css"
import "@/styles/own.css"
import "@/styles/queue.css"
import "@/styles/views.css"
import "@/styles/graph.css"
import "@/styles/editor.css"
import "@/styles/decision.css"
import "@/styles/chart.css"
import "@/styles/timeline.css"

export const metadata: Metadata = { title: "Turbo-Plan", description: "What people and their agents work on", icons: { icon: "/icon.svg" } }
export const viewport: Viewport = { width: "device-width", initialScale: 1, themeColor: [
  { media: "(prefers-color-scheme: light)", color: "#ffffff" },
  { media: "(prefers-color-scheme: dark)", color: "#131416" },
] }

// Before the first paint, so that nobody sees the other theme flash by.
const THEME = `try{const t=localStorage.getItem("turbo-theme");if(t)document.documentElement.dataset.theme=t}catch{};`

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME + EARLY }} />
      </head>
      <body>{children}</body>
    </html>
  )
}
