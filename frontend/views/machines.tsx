"use client"
export default function View() { return null }
