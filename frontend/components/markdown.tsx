"use client"
// Texts of people and agents: markdown without HTML, and nothing of it loads anything.
import { useMemo } from "react"
import ReactMarkdown, { type Components } from "react-markdown"
import remarkGfm from "remark-gfm"
import { linkedKeys } from "@/lib/linked-keys"
import { Link } from "@/lib/route"

const PLUGINS = [remarkGfm]
const ALLOWED = /^(https?:|mailto:|\/|#)/i

const COMPONENTS: Components = {
  // An image from elsewhere would tell its server who reads this, and when.
  img: ({ alt, src }) => (typeof src === "string" && src ? <Outward href={src}>{alt || "image"}</Outward> : <span>{alt}</span>),
  // Only a task of a list is drawn as one, and it is nothing to click on.
  input: ({ checked }) => <span className="task" role="img" aria-label={checked ? "Done" : "Not done"}>{checked ? "☑" : "☐"} </span>,
  a: ({ href, children }) =>
    href?.startsWith("/") && !href.startsWith("//") ? <Link href={href}>{children}</Link> : <Outward href={href ?? ""}>{children}</Outward>,
}

const NONE: readonly string[] = []

/** `keys` of items that become links where they stand in the text. */
export default function Markdown({ text, keys = NONE }: { text: string; keys?: readonly string[] | undefined }) {
  const plugins = useMemo(() => (keys.length ? [...PLUGINS, linkedKeys(keys)] : PLUGINS), [keys])
  return (
    <div className="prose">
      <ReactMarkdown skipHtml remarkPlugins={plugins} components={COMPONENTS} urlTransform={(url) => (ALLOWED.test(url) ? url : "")}>
        {text}
      </ReactMarkdown>
    </div>
  )
}

function Outward({ href, children }: { href: string; children?: React.ReactNode }) {
  if (!href) return <span>{children}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" referrerPolicy="no-referrer">
      {children}
    </a>
  )
}
