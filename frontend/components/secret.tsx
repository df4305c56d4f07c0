"use client"
// A secret that is shown this once, with a button that copies it.
import { Check, Copy } from "lucide-react"
import { type ReactNode, useRef, useState } from "react"
import { Dialog } from "./dialog"

export function Secret({ title, secret, close, children }: { title: string; secret: string; close: () => void; children: ReactNode }) {
  const field = useRef<HTMLInputElement>(null)
  const [isCopied, setCopied] = useState(false)
  async function copy() {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    } catch {
      setCopied(false) // no clipboard without TLS: it is selected, and Ctrl C takes it
    }
  }
  return (
    <Dialog title={title} close={close} isKept>
      <div className="secret">
        <input ref={field} className="field mono" readOnly value={secret} aria-label="Shown this once" onFocus={(event) => event.target.select()} spellCheck={false} />
        <button className="button" onClick={() => void copy()}>
          {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />} {isCopied ? "Copied" : "Copy"}
        </button>
      </div>
      <div className="prose-small">{children}</div>
      <footer>
        <span className="faint tiny grow">It is not shown again.</span>
        <button className="button primary" onClick={close}>Done</button>
      </footer>
    </Dialog>
  )
}

/** How a key gets to the machine that it is for. */
export function HowToLogIn() {
  return (
    <>
      <p>On the machine it is for, run this, and paste it where that asks:</p>
      <p><code>turbo-client login --url {window.location.origin}</code></p>
      <p className="soft">A script hands it over on stdin: <code>--with-token &lt; FILE</code>. It belongs in no command, where others on the machine could read it. The machine gets a key of its own from it, which may do no more.</p>
    </>
  )
}
