// Keys of items in a rendered text become links to them: those that are known, and never in code or in another link.
type Node = { type: string; value?: string; url?: string; children?: Node[] }

const LEFT_ALONE = new Set(["link", "linkReference", "code", "inlineCode", "definition"])

/** A plugin of remark, for the keys given. */
export function linkedKeys(keys: readonly string[]) {
  const known = new Set(keys)
  const pattern = new RegExp(`(?<![\\w-])(${keys.map((key) => key.replace(/[^\w-]/g, "\\$&")).join("|")})(?![\\w-])`, "g")
  function link(node: Node): void {
    if (!node.children || LEFT_ALONE.has(node.type)) return
    node.children = node.children.flatMap((child) => {
      if (child.type !== "text" || !child.value) return (link(child), [child])
      return child.value.split(pattern).filter(Boolean).map((part) => (known.has(part) ? linkTo(part) : { type: "text", value: part }))
    })
  }
  return () => (tree: Node) => (known.size ? link(tree) : undefined)
}

function linkTo(key: string): Node {
  return { type: "link", url: `/${key}`, children: [{ type: "text", value: key }] }
}
