"""The least FastAPI and uvicorn that import what the server stands on and answer /health: `bare_api.py PORT`."""

import asyncio
import sys

import aiosqlite  # noqa: F401 - the drivers are imported to be paid for, as the server pays for them
import asyncpg  # noqa: F401
import databases  # noqa: F401
import httptools  # noqa: F401
import sqlalchemy  # noqa: F401
import uvicorn
import uvloop  # noqa: F401
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


def main(port: str) -> None:
    config = uvicorn.Config(app, port=int(port), log_level="warning", access_log=False)
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1])
