"use client"
// The sheet of keys.
import { NAMES } from "./nav"
import { Dialog } from "./dialog"

const KEYS: readonly [string, string][] = [
  ["Ctrl K", "Find or do anything"], ["/", "Search"], ["c", "Create an issue"], ["m", "Ask a mentor"], ["?", "This sheet"],
  ["j", "Next"], ["k", "Previous"], ["Enter, o", "Open"], ["x", "Mark"], ["e", "Edit"], ["s", "Set the status"], ["p", "Set the priority"], ["a", "Assign"], ["Escape", "Close, or let go"],
]

export function HelpSheet({ close }: { close: () => void }) {
  const pages = NAMES.map(({ page, key }) => [`g ${key}`, page] as const)
  return (
    <Dialog title="Keys" close={close}>
      <div className="keys">
        {[...KEYS, ...pages].map(([keys, does]) => (
          <div key={keys}>
            <span>{does}</span>
            <span>
              {keys.split(/[ ,]+/).map((each) => (
                <kbd key={each} style={{ marginLeft: 3 }}>
                  {each}
                </kbd>
              ))}
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  )
}
