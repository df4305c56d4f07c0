"""Something on every page of the web: two projects, an item of each kind, who works on what, and what was said."""

import httpx

from tests.server.live import NO_TLS, LiveServer

TEXT = """# What is meant

Text with **weight**, `code` and a [link](https://example.com).

- [ ] one
- [x] two

| a | b |
| --- | --- |
| 1 | 2 |

```python
print("hello")
```

> Said before.
"""


def fill(server: LiveServer) -> None:
    """Its items are KEYS."""
    call = server.call
    call("create_project", key="WEB", name="Web shop", description="What customers see.")
    call("create_project", key="APP", name="App", description="What they carry.")
    call("create_initiative", project="WEB", title="Paying without a phone call", description=TEXT, due="+30d")
    call("create_milestone", project="WEB", title="First sale", description=TEXT, due="+7d")
    _issues(server)
    options = [{"title": "One page", "pros": "- quick", "cons": "- long"}, {"title": "Three steps", "pros": "Known"}]
    written = {"context": TEXT, "outcome": "One page.", "reason": "Fewer leave.", "impact": "The form is one file."}
    old = call("create_decision", title="Three steps", project="WEB", status="accepted", options=options, **written)[
        "key"
    ]
    new = call("create_decision", title="One page", project="WEB", status="accepted", options=options, **written)["key"]
    call("update_decision", key=old, superseded_by=new)
    call("create_document", project="WEB", title="How a sale goes", text=TEXT, status="published")
    call("update_document", key="WEB-D1", text=TEXT.replace("Said before", "Said again"), note="The end")
    call("link_items", **{"from": "WEB-1", "type": "implements", "to": new})
    call("create_mentor", name="keeper", role="Keeper of the shop", watches="sales", instructions="Be brief.")
    call("ask_mentor", mentor="keeper", question="What is open?", about="WEB-1")
    call("record_answer", conversation="ASK-1", text=TEXT)
    call("ask_mentor", mentor="keeper", question="And what comes next?", about="WEB-2")


def _issues(server: LiveServer) -> None:
    hung = {"initiative": "WEB-I1", "milestone": "WEB-M1"}
    agent = {"Turbo-Session": "session-of-an-agent", "Turbo-Machine": "desk"}
    server.call(
        "create_issue", project="WEB", title="A form for the address", description=TEXT, priority="urgent", **hung,
        due="yesterday", labels=["checkout", "a11y"], criteria=["[x] works by keys", "[ ] says what is wrong"],
        assignee="ada", type="feature", status="ready",
    )  # fmt: skip
    for number, status in enumerate(("ready", "in_review", "done", "cancelled", "blocked"), 2):
        server.call("create_issue", project="WEB", title=f"Part {number}", status=status, due="+3d", parent="WEB-1")
    server.call("update_issue", key="WEB-2", blocked_by=["WEB-6"], assignee="ada", priority="high")
    for number in range(7, 15):
        server.call("create_issue", project="APP", title=f"Screen {number}", status="ready", priority="low")
    for tool, arguments in (
        ("next_issue", {"key": "WEB-1", "claim": True}),
        ("update_issue", {"key": "WEB-1", "handoff": {"state": "Half of it", "open_question": "Which countries?"}}),
        ("log_work", {"issue": "WEB-1", "text": "Drew the form", "minutes": 25, "branch": "form"}),
        ("add_comment", {"key": "WEB-1", "text": TEXT}),
    ):
        url = f"{server.url}/v1/tools/{tool}"
        httpx.post(url, json=arguments, headers=server.headers | agent, verify=NO_TLS).raise_for_status()


KEYS = ("WEB-1", "WEB-2", "WEB-I1", "WEB-M1", "WEB-D1", "DEC-1", "DEC-2", "ASK-1", "ASK-2", "@keeper")
