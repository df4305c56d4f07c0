"use client"
import { Listed } from "@/components/listed"

export default function Milestones() {
  return <Listed kind="milestone" title="Milestones" empty="A milestone is a day by which some issues shall be done." command="turbo-client call create_milestone project=WEB title=Beta due=+20d" />
}
