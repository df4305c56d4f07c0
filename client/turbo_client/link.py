"""This process's tie to its server: which one, with which key, and which tool list it last saw.

Follows a login or logout made in another terminal: the config file's stamp is looked at before each request.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock, allocate_lock  # threading would be a fifth of the time to the first answer

from turbo_client import catalogue as catalogues
from turbo_client import config
from turbo_client.catalogue import Catalogue
from turbo_client.errors import BadConfiguration, KeyRefused, MalformedKey, OutcomeUnknown, TurboClientError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from turbo_client.alarms import Alarms
    from turbo_client.answers import Answer
    from turbo_client.backend import Backend, Request
    from turbo_client.credentials import Credential
    from turbo_client.hangup import Hangup
    from turbo_client.leases import Leases

_RENEWAL_HEADER = "turbo-key-renewal"
_NEVER = (-1, -1, -1)


class Link:
    """Nothing here touches network, keyring or TLS before the first request; making one reads two small files."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.catalogue: Catalogue | None = None
        self.checked = False  # whether the server has confirmed the catalogue in this process
        self._on_change = on_change
        self._lock = RLock()
        self._refreshing = allocate_lock()
        self._refreshes = 0
        self._refresh_problem: TurboClientError | None = None
        self._noticed = ""
        self._stamp: tuple[int, int, int] | None = _NEVER
        self._config: config.Config | None = None
        self._problem: BadConfiguration | None = None
        self._credential: Credential | None = None
        self._backend: Backend | None = None
        self._alarms: Alarms | None = None
        self._leases: Leases | None = None
        self.follow()

    @property
    def alarms(self) -> Alarms:
        from turbo_client.alarms import Alarms

        with self._lock:
            self._alarms = self._alarms or Alarms()
            return self._alarms

    @property
    def leases(self) -> Leases:
        from turbo_client.leases import Leases

        with self._lock:
            self._leases = self._leases or Leases(self)
            return self._leases

    @property
    def holds_leases(self) -> bool:
        return self._leases is not None and self._leases.held

    def follow(self) -> None:
        """Notice a config file that was written since: another server, another account, logged out."""
        stamp = config.stamp()
        if stamp == self._stamp:
            return
        with self._lock:
            self._stamp, self._credential = stamp, None
            try:
                loaded = config.load()
            except BadConfiguration as problem:
                self._problem = problem
                return
            if self._backend is not None and loaded.origin != self._backend.origin:
                self._backend.close()
                self._backend = None
            self._config, self._problem = loaded, None
            self._adopt_saved_catalogue(loaded)

    def _adopt_saved_catalogue(self, loaded: config.Config) -> None:
        before = self.catalogue
        fingerprint = _expected_fingerprint(loaded)
        self.catalogue = catalogues.load(loaded.origin, fingerprint, loaded.toolsets) if fingerprint else None
        self.checked = False
        if self.catalogue is not before and not (self.catalogue and self.catalogue.offers_the_same_as(before)):
            self._on_change()

    @property
    def config(self) -> config.Config:
        self.follow()
        if self._problem is not None:
            raise self._problem
        assert self._config is not None  # noqa: S101 - one of the two is set; for the type checker
        return self._config

    def credential(self) -> Credential:
        """Read once and kept. Raises NotLoggedIn."""
        loaded = self.config
        with self._lock:
            if self._credential is None:
                from turbo_client import credentials

                self._credential = credentials.find(loaded.origin, loaded.login)
            return self._credential

    @property
    def backend(self) -> Backend:
        from turbo_client.backend import Backend

        origin = self.config.origin
        with self._lock:
            if self._backend is None:
                self._backend = Backend(origin, self.alarms)
            return self._backend

    def ask(self, request: Request, hangup: Hangup | None = None) -> Answer:
        """The successful answer. A key that is refused is looked up once more: someone may just have logged in."""
        credential = self.credential()
        try:
            answer = self.backend.ask(request, credential.value, hangup)
        except KeyRefused as refusal:
            fresh = self._look_up_again(credential)
            if fresh is None:
                raise _with_advice(refusal, credential) from None
            credential = fresh
            answer = self.backend.ask(request, fresh.value, hangup)
        if _RENEWAL_HEADER in answer.headers:
            from turbo_client import renewal

            renewal.begin(self, credential.fingerprint)
        return answer

    def _look_up_again(self, refused: Credential) -> Credential | None:
        with self._lock:
            if self._credential is refused:
                self._credential = None
            found = self.credential()
        return found if found.fingerprint != refused.fingerprint else None

    def refresh(self) -> Catalogue:
        """Ask the server whether the tool list is still the same; take, keep and announce a new one.

        Raises TurboClientError. Whoever comes while another thread is asking gets what that one learns.
        """
        before = self._refreshes
        with self._refreshing:
            if self._refreshes == before:
                self._refresh_problem = None
                try:
                    self._ask_for_catalogue()
                except TurboClientError as problem:
                    self._refresh_problem = problem
                self._refreshes += 1
            if self._refresh_problem is not None:
                raise self._refresh_problem
            assert self.catalogue is not None  # noqa: S101 - set without a problem; for the type checker
            return self.catalogue

    def _ask_for_catalogue(self) -> None:
        from turbo_client.backend import Request

        self.follow()
        known = self.catalogue
        headers = {"If-None-Match": known.etag} if known is not None and known.etag else {}
        chosen = f"?toolsets={self.config.toolsets}" if self.config.toolsets else ""
        answer = self.ask(Request("GET", f"/v1/tools{chosen}", headers=headers))
        if answer.status != 304:
            self._take(answer)
        self.checked = True

    def notice(self, etag: str) -> None:
        """An answer told the tool list's present ETag: if ours is another, ask for it behind that answer.

        Each ETag is followed once only, or a server that tells two of them would be asked after every call.
        """
        with self._lock:
            known = self.catalogue.etag if self.catalogue is not None else ""
            if etag in ("", self._noticed) or _digest(etag) == _digest(known):
                return
            self._noticed = etag
        import threading

        threading.Thread(target=self._refresh_quietly, name="refresh", daemon=True).start()

    def _refresh_quietly(self) -> None:
        import contextlib

        with contextlib.suppress(TurboClientError):  # the next call finds out, and says, what is wrong
            self.refresh()

    def _take(self, answer: Answer) -> None:
        taken = catalogues.from_answer(answer.json_object(), answer.headers.get("etag", ""), answer.max_age)
        if taken is None:
            raise OutcomeUnknown("The server's tool list is not one.", "Check the address with `turbo-client status`.")
        new, warnings = taken
        for warning in warnings:
            print(f"turbo-client: left out of the server's tool list: {warning}", file=sys.stderr, flush=True)
        before, self.catalogue, self.checked = self.catalogue, new, True
        try:
            catalogues.save(new, self.config.origin, self.credential().fingerprint, self.config.toolsets)
        except OSError as error:
            print(f"turbo-client: the tool list cannot be kept on disk: {error.strerror}", file=sys.stderr, flush=True)
        if not new.offers_the_same_as(before):
            self._on_change()


def _digest(etag: str) -> str:
    """The part of an ETag that names all tools: a selection may follow it, and compressing proxies mark it as weak."""
    return etag.removeprefix("W/").strip('"').partition(".")[0]


def _expected_fingerprint(loaded: config.Config) -> str | None:
    """Whose tool list to offer at the start, without asking the keyring: the last login says it."""
    from_environment = config.set_value(os.environ.get("TURBO_API_KEY"))
    if from_environment is None:
        return loaded.login.fingerprint if loaded.login else None
    from turbo_client import api_key

    try:
        return api_key.fingerprint(api_key.require_sound(from_environment, "TURBO_API_KEY"))
    except MalformedKey:
        return None


def _with_advice(refusal: KeyRefused, credential: Credential) -> TurboClientError:
    where = f"The refused key {credential.masked} comes from the {credential.detail}."
    if credential.source == "environment":
        todo = "Correct or unset that variable."
    else:
        todo = "" if "`turbo-client login`" in refusal.hint else "Run `turbo-client login`."
    hint = " ".join(part for part in (refusal.hint, where, todo) if part)
    return KeyRefused(refusal.message, hint, status=refusal.status, code=refusal.code)
