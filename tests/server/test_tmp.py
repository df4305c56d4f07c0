import json
from tests.server.harness import Turbo
def test_x(turbo):
    turbo.call("create_project", key="TURBO", name="Turbo plan")
    turbo.call("create_issue", project="TURBO", title="Login forgets the session", description="After a restart, create_issue fails. 日本語の検索")
    turbo.call("create_issue", project="TURBO", title="Other thing", description="the session is mentioned " * 3)
    turbo.call("add_comment", key="TURBO-2", text="Comment about kubernetes")
    for q in ["session","sessions","sess","create_issue","createIssue","検索","kubernetes","sesion","turbo 1","TURBO-1","trubo-1","turbo", '"the session is"','session -login','forgets the session']:
        r=turbo.call("search", query=q); print(q, json.dumps(r,ensure_ascii=False))
