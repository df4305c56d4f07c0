"use client"
import { Listed } from "@/components/listed"

export default function Initiatives() {
  return <Listed kind="initiative" title="Initiatives" empty="An initiative gathers what many issues are for." command="turbo-client call create_initiative project=WEB title='Guests can buy'" />
}
