"use client"
// The sheet of keys: what they do on the page that is shown, as the page itself has bound them.
import { useState } from "react"
import { keysNow } from "@/lib/keys"
import { Dialog } from "./dialog"

const LAST = ["Everywhere", "Go to"] // what the page itself has bound comes before

export default function HelpSheet({ close }: { close: () => void }) {
  const [groups] = useState(() => [...keysNow()].sort(([one], [two]) => LAST.indexOf(one) - LAST.indexOf(two)))
  return (
    <Dialog title="Keys" close={close} isRead>
      {groups.map(([group, bindings]) => (
        <section key={group} aria-label={group}>
          <h2 className="keys-of">{group}</h2>
          <div className="keys">
            {bindings.map(({ keys, does }) => (
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
        </section>
      ))}
    </Dialog>
  )
}
