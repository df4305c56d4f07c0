"""`call TOOL --project WEB`, as other programs have it, read as `project=WEB`."""

_OWN = ("--json", "--help", "-h")


def as_values(words: list[str]) -> list[str]:
    """An option without a value is a truth: `--confirm`."""
    read: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return [*read, word, *rest]
        if word in _OWN or not word.startswith("--"):
            read.append(word)
            continue
        name, equals, value = word.removeprefix("--").partition("=")
        if not equals:
            value = "true" if not rest or rest[0].startswith("--") else rest.pop(0)
        read.append(f"{name.replace('-', '_')}={value}")
    return read
