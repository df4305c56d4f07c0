"use client"
import { Listed } from "@/components/listed"

export default function Documents() {
  return <Listed kind="document" title="Documents" empty="A document keeps what is true for longer than an issue." command="turbo-client call create_document project=WEB title='How to release'" />
}
