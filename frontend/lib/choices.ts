// Written by `make web-types` from /openapi.json; edit the server's tools. 42a3001b054214d507486d93d28e413d1bcc4c295eefad586b6ee22ba550e634

export const choices = {
  get_item: {
    include: ["comments","work_log","links","history","outline","versions","diff"],
  },
  list_items: {
    kind: ["initiative","milestone","decision","document","label","work_log","mentor","conversation"],
  },
  list_issues: {
    status: ["backlog","ready","in_progress","blocked","in_review","done","cancelled","open","closed","archived"],
    type: ["task","bug","feature","discovery"],
    priority: ["urgent","high","medium","low","none"],
    sort: ["updated","created","priority","due","key"],
  },
  create_issue: {
    type: ["task","bug","feature","discovery"],
    status: ["backlog","ready","in_progress","blocked","in_review","done","cancelled"],
    priority: ["urgent","high","medium","low","none"],
  },
  update_issue: {
    type: ["task","bug","feature","discovery"],
    status: ["backlog","ready","in_progress","blocked","in_review","done","cancelled"],
    priority: ["urgent","high","medium","low","none"],
  },
  log_work: {
    status: ["backlog","ready","in_progress","blocked","in_review","done","cancelled"],
  },
  create_initiative: {
    status: ["planned","active","paused","completed","cancelled"],
  },
  update_initiative: {
    status: ["planned","active","paused","completed","cancelled"],
  },
  create_milestone: {
    status: ["open","closed"],
  },
  update_milestone: {
    status: ["open","closed"],
  },
  create_decision: {
    status: ["proposed","accepted","rejected"],
  },
  update_decision: {
    status: ["proposed","accepted","rejected","superseded"],
  },
  link_items: {
    type: ["relates","blocks","duplicates","implements","supersedes","documents"],
  },
  create_document: {
    status: ["draft","published"],
  },
  update_document: {
    status: ["draft","published"],
  },
  release_issue: {
    outcome: ["done","handed_back","needs_human"],
  },
  search: {
    kind: ["issue","initiative","milestone","decision","document","project","comment","work_log","mentor","conversation"],
    status: ["open","closed","archived"],
  },
  make_key: {
    scope: ["read","write","admin"],
  },
  change_role: {
    role: ["owner","member","viewer"],
  },
  invite_person: {
    role: ["owner","member","viewer"],
  },
  import_file: {
    source: ["csv","github","beads","taskmaster","turbo"],
  },
} as const
