"""A brief holds what has to do with the question, as much as there is room for, of what the asker sees alone."""

import json
from typing import Any

import pytest

from tests.server.harness import Person, Turbo
from turbo_server.kit.role import Role
from turbo_server.mentor.brief.building import HERE
from turbo_server.mentor.brief.tokens import estimate

DOCUMENT = "# Guide\n\nWords.\n\n## Setup\n\nInstall it.\n\n## Rotating keys\n\nA key is rotated every ninety days.\n"


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_initiative", project="TURBO", title="Safer sign-in", description="All of it by spring.")
    turbo.call("create_milestone", project="TURBO", title="Beta", due="2027-03-01")
    turbo.call("create_issue", project="TURBO", title="Accounts", description="The whole of it.")
    turbo.call(
        "create_issue", project="TURBO", title="Session store", parent="TURBO-1", milestone="TURBO-M1",
        initiative="TURBO-I1", description="Sessions in server/session/store.py are lost on restart. See DEC-3.",
    )  # fmt: skip
    turbo.call("create_issue", project="TURBO", title="Choose a database", status="done")
    turbo.call("create_issue", project="TURBO", title="Paint the shed", description="Green.")
    turbo.call("update_issue", key="TURBO-2", blocked_by=["TURBO-3"], handoff={"next_step": "Measure the reads."})
    turbo.call("add_comment", key="TURBO-2", text="Redis was tried in May and lost data.")
    turbo.call("log_work", issue="TURBO-2", text="Benchmarked two stores.", minutes=30)
    turbo.call("create_decision", title="Postgres for all state", outcome="One database.", status="accepted")
    turbo.call("create_decision", title="No new services", outcome="None.", status="accepted", paths=["server/**"])
    turbo.call("create_decision", title="Thirty days", outcome="Users stay signed in for a month.", status="accepted")
    turbo.call("link_items", **{"from": "TURBO-2", "type": "implements", "to": "DEC-1"})
    turbo.call("create_document", project="TURBO", title="Handbook", text=DOCUMENT)


def brief(asker: Turbo | Person, question: str, **more: object) -> dict[str, Any]:
    found: dict[str, Any] = asker.call("ask_mentor", mentor="architect", question=question, **more)["brief"]
    return found


def material(asker: Turbo | Person, question: str, **more: object) -> dict[str, dict[str, Any]]:
    return {each["key"]: each for each in brief(asker, question, **more)["material"]}


def test_what_surrounds_the_issue_is_in_it(turbo: Turbo) -> None:
    found = material(turbo, "Is this the right way?", about="TURBO-2")
    about, *_ = found.values()
    assert (about["key"], about["by"], about["handoff"]) == ("TURBO-2", "ada", {"next_step": "Measure the reads."})
    assert [(each["by"], each["text"]) for each in about["comments"]] == [
        ("ada", "Redis was tried in May and lost data.")
    ]
    assert about["work"][0]["text"] == "Benchmarked two stores."
    assert any("blocked_by: none -> TURBO-3" in line for line in about["history"])
    for key, why in {
        "TURBO-1": "parent", "TURBO-3": "blocks it", "TURBO-I1": "initiative", "TURBO-M1": "milestone",
        "DEC-1": "implements", "DEC-2": "governs server/session/store.py", "DEC-3": "named in it",
    }.items():  # fmt: skip
        assert why in found[key]["why"], key
    assert "TURBO-4" not in found, "what has nothing to do with it is left out"


def test_words_find_the_section_and_not_the_whole(turbo: Turbo) -> None:
    (document,) = [
        each for each in brief(turbo, "How often is a key rotated?")["material"] if each["key"] == "TURBO-D1"
    ]
    assert document["outline"] == ["1 Guide", "1.1 Setup", "1.2 Rotating keys"]
    assert document["sections"][0]["section"] == "1.2 Rotating keys"
    assert "ninety days" in document["sections"][0]["text"]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Was anything tried in May?", "TURBO-2"),  # in a comment
        ("Which stores were benchmarked?", "TURBO-2"),  # in the work log, in another form
        ("how long do users stay signed in", "DEC-3"),
        ("What does dec-2 say?", "DEC-2"),
        ("May I change server/door.py?", "DEC-2"),  # by its path alone
    ],
)
def test_a_question_finds_what_it_is_about(turbo: Turbo, question: str, key: str) -> None:
    assert key in list(material(turbo, question))[:3]


def test_a_question_in_another_script_finds_its_words(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="Über den Umzug", description="会議は月曜日に行います。")
    assert next(iter(material(turbo, "会議はいつですか"))) == "TURBO-5"
    assert next(iter(material(turbo, "Was ist mit dem Umzug?"))) == "TURBO-5"


def test_what_was_said_before_is_in_it(turbo: Turbo) -> None:
    for number in range(5):
        asked = turbo.call("ask_mentor", mentor="architect", question=f"Question {number}?", about="TURBO-2")
        turbo.call("record_answer", conversation=asked["key"], text=f"Answer {number}, by DEC-{number % 3 + 1}.")
    told = brief(turbo, "And now?", about="TURBO-2")["conversation"]
    assert told["key"] == "ASK-1"
    assert [each["answer"] for each in told["last"]] == ["Answer 3, by DEC-1.", "Answer 4, by DEC-2."]
    assert told["earlier"].splitlines()[2] == "3. Question 2? - Answer 2, by DEC-3."
    other = material(turbo, "What was Answer 4 about TURBO-2?")
    assert "DEC-2" in other["ASK-1"]["answer"], "to others it is material"


def test_nothing_at_all_is_a_brief_too(turbo: Turbo) -> None:
    assert brief(turbo, "xylophone?")["material"] == []
    assert brief(turbo, "Why is it so, and what is that?")["material"] == []


def test_a_brief_stays_within_its_room(turbo: Turbo) -> None:
    """Whatever the texts: long ones, of signs that JSON writes as six, and many of them."""
    for number in range(40):
        text = ('\u0001"\\ sessions of 漢字 ' * 400) if number % 2 else f"Sessions {number}. " * 900
        turbo.call("create_issue", project="TURBO", title="Sessions " + "long " * 40, description=text)
    turbo.call("update_issue", key="TURBO-2", description="sessions " * 20_000)
    for number in range(30):
        turbo.call("add_comment", key="TURBO-2", text=f"{number} sessions " * 2_000)
    turn = turbo.call("ask_mentor", mentor="architect", question="sessions? " * 2_000, about="TURBO-2")["key"]
    turbo.call("record_answer", conversation=turn, text="sessions! " * 20_000)
    turbo.call("create_mentor", name="architect", instructions='"\n' * 2_000, watches="漢" * 1_000)
    for about in ({}, {"about": "TURBO-2"}, {"about": "TURBO-6"}):
        answer = turbo.call("ask_mentor", mentor="architect", question="sessions " * 3_000, **about)
        assert len(json.dumps(answer, ensure_ascii=False)) < 20_000
        assert estimate(json.dumps(answer["brief"], ensure_ascii=False)) <= HERE.tokens * 1.05
        assert len(answer["brief"]["material"]) > 1
        assert answer["brief"]["also"], "and it says what else there is"


def test_it_takes_the_same_number_of_statements_however_much_there_is(turbo: Turbo) -> None:
    """`make bench-brief` counts them over ten thousand issues."""

    def counted(question: str, **more: object) -> int:
        turbo.call("ask_mentor", mentor="architect", question=question, **more)
        with turbo.counting() as statements:
            turbo.call("ask_mentor", mentor="architect", question=question, **more)
        return len(statements)

    questions: list[tuple[str, dict[str, object]]] = [
        ("Where do sessions live?", {}), ("Is it right?", {"about": "TURBO-2"}), ("What of DEC-1?", {}),
    ]  # fmt: skip
    before = [counted(question, **more) for question, more in questions]
    for _ in range(5):
        turbo.call("create_issues", issues=[
            {"project": "TURBO", "title": f"Session {n}", "description": f"Session of DEC-1 {n}", "parent": "TURBO-2"}
            for n in range(40)
        ])  # fmt: skip
    turbo.call("create_document", project="TURBO", title="Sessions", text=DOCUMENT)
    assert [counted(question, **more) for question, more in questions] == before
    assert max(before) < 45


def test_what_the_asker_does_not_see_is_not_in_it(turbo: Turbo) -> None:
    turbo.call("create_project", key="VEIL", name="Veiled")
    turbo.call("create_issue", project="VEIL", title="Session xylophone", description="Xylophone sessions.")
    turbo.call("create_decision", title="Xylophone decided", outcome="x", project="VEIL", status="accepted",
               paths=["server/**"])  # fmt: skip
    turbo.call("link_items", **{"from": "VEIL-1", "type": "relates", "to": "TURBO-2"})
    turbo.call("update_issue", key="VEIL-1", blocked_by=["TURBO-2"])
    turbo.call("add_comment", key="VEIL-1", text="Said of the xylophone.")
    jonas = turbo.person("jonas", role=Role.MEMBER)
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    assert "VEIL-1" in material(turbo, "What of the xylophone sessions?")
    for more in ({}, {"about": "TURBO-2"}):
        seen = brief(jonas, "What of the xylophone sessions in server/x.py, VEIL-1 and DEC-4?", **more)
        told = json.dumps(seen["material"]) + json.dumps(seen.get("also"))
        assert "ylophone" not in told
        assert "VEIL" not in told
    assert jonas.refused("ask_mentor", mentor="architect", question="x", about="VEIL-1").status == 404


def test_a_conversation_is_seen_by_those_who_see_all_that_it_was_made_from(turbo: Turbo) -> None:
    turbo.call("create_project", key="VEIL", name="Veiled")
    turbo.call("create_issue", project="VEIL", title="Xylophone")
    jonas = turbo.person("jonas", role=Role.MEMBER)
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    open_one = turbo.call("ask_mentor", mentor="architect", question="Where do sessions live?")["key"]
    veiled = turbo.call("ask_mentor", mentor="architect", question="What of the xylophone?")["key"]
    cited = turbo.call("ask_mentor", mentor="architect", question="Whatever?")["key"]
    turbo.call("record_answer", conversation=cited, text="See VEIL-1 for the glockenspiel.")
    assert jonas.call("get_item", key=open_one)["kind"] == "conversation"
    for key, word in ((veiled, "xylophone"), (cited, "glockenspiel")):
        assert jonas.refused("get_item", key=key).code == "conversation_not_found"
        assert turbo.call("search", query=word)["total"] > 0
        assert jonas.call("search", query=word)["total"] == 0
    listed = jonas.call("list_items", kind="conversation")
    assert ([row["key"] for row in listed["items"]], listed["total"]) == ([open_one], 1)
    told = json.dumps(jonas.ask("GET", "/v1/events", limit=100))
    assert open_one in told
    assert veiled not in told
    assert cited not in told
