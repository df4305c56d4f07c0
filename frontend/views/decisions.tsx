"use client"
import { Listed } from "@/components/listed"

export default function Decisions() {
  return <Listed kind="decision" title="Decisions" empty="A decision keeps the options, what was chosen, and why." command="turbo-client call create_decision title='Where sessions live'" />
}
