"use client"
// Short words about what was done, in a corner; errors stay until they are closed.
import { X } from "lucide-react"
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react"
import { isRefused } from "@/lib/api"

export type Notice = { text: ReactNode; action?: { label: string; run: () => void }; isBad?: boolean }
type Say = { say: (notice: Notice) => void; fail: (error: unknown) => void }

const SHOWN_FOR = 6000
const Context = createContext<Say | null>(null)

export function useNotices(): Say {
  const say = useContext(Context)
  if (!say) throw new Error("no Notices around this")
  return say
}

export function Notices({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<(Notice & { id: number })[]>([])
  const close = useCallback((id: number) => setNotices((all) => all.filter((each) => each.id !== id)), [])
  const say = useCallback(
    (notice: Notice) => {
      const id = performance.now() + Math.random()
      setNotices((all) => [...all.slice(-3), { ...notice, id }])
      if (!notice.isBad) window.setTimeout(close, SHOWN_FOR, id)
    },
    [close],
  )
  const fail = useCallback(
    (error: unknown) => say({ text: isRefused(error) ? `${error.message} ${error.hint}` : String(error), isBad: true }),
    [say],
  )
  const value = useMemo(() => ({ say, fail }), [say, fail])
  return (
    <Context.Provider value={value}>
      {children}
      <div className="notices" role="status" aria-live="polite">
        {notices.map((each) => (
          <div key={each.id} className={each.isBad ? "notice bad" : "notice"}>
            <span className="grow">{each.text}</span>
            {each.action && (
              <button className="action" onClick={() => (close(each.id), each.action?.run())}>
                {each.action.label}
              </button>
            )}
            <button aria-label="Close" onClick={() => close(each.id)}>
              <X size={14} aria-hidden />
            </button>
          </div>
        ))}
      </div>
    </Context.Provider>
  )
}
