"""The page of all settings: the server's from its own table, the client's from its code's names."""

from turbo_client import config, credentials
from turbo_server.cli import EPILOG


def page() -> str:
    server = EPILOG.partition("environment:\n")[2].partition("\n\n")[0]
    return f"""# Settings

## turbo-server

It is configured by its environment alone.

```
{server}
```

In production it refuses to start when no key could open the door: neither in the database nor in `TURBO_API_KEY`.

## turbo-client

| variable | |
| --- | --- |
| `{config.URL_VARIABLE}` | the server's address; comes before the one that `turbo-client login --url` remembers |
| `{credentials.VARIABLE}` | an API key; comes before the keyring, and the keyring before a key file |

A value that begins with `${{` counts as unset: it is a variable that nobody expanded. Without either, the server is
`{config.DEFAULT_ORIGIN}`. Plain `http://` is taken for addresses of this machine only.
"""
