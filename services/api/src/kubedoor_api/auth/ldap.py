"""Users of an LDAP directory: bind as the user, or search and then bind."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from ldap3 import BASE, NONE, SIMPLE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from kubedoor_api.auth.credentials import Identity, canonical
from kubedoor_api.config.environment import ApiSettings
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

ASKED_AT_ONCE = 12
INVALID_CREDENTIALS = 49
NO_SUCH_OBJECT = 32
NOT_FOUND = {INVALID_CREDENTIALS, NO_SUCH_OBJECT, 34, 48, 53}
"""Also: invalid DN syntax, inappropriate authentication, unwilling to perform (a locked account)."""


class Ldap:
    """One directory. Every connection is verified TLS, unless START_TLS was switched off."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(ASKED_AT_ONCE, "ldap")

    async def check(self, user: str, password: str) -> Identity | None:
        """Return who it is with the groups that hold the user, or None.

        :raises UnavailableError: the directory can't be asked, or refuses the account that searches.
        """
        if not user or not password:
            return None  # an empty password would be an anonymous bind, which succeeds for anybody
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._check, user, password)
        except (LDAPException, OSError) as error:
            raise UnavailableError(f"the directory can't be asked: {error}") from error

    async def find(self, user: str) -> Identity | None:
        """Look a user up by the account that searches.

        :raises UnavailableError: the directory can't be asked, or there is no such account (LDAP_BIND_DN).
        """
        if self._settings.ldap_user_dn:
            raise UnavailableError("nobody can be looked up without LDAP_BASE_DN and LDAP_BIND_DN")
        try:
            return await asyncio.to_thread(self._find, user)
        except (LDAPException, OSError) as error:
            raise UnavailableError(f"the directory can't be asked: {error}") from error

    def _find(self, user: str) -> Identity | None:
        with self._searching() as connection:
            dn = self._search(connection, user)
            return Identity(user, self._groups(connection, dn, user)) if dn else None

    def _check(self, user: str, password: str) -> Identity | None:
        settings = self._settings
        dn: str | None = settings.ldap_user_dn.replace("{user}", escape_rdn(user))
        if not dn:
            with self._searching() as connection:
                dn = self._search(connection, user)
        # Whoever is not there is bound as well, so that the time tells nobody who is.
        with self._open(dn or f"cn={secrets.token_hex(8)},{settings.ldap_base_dn}", password) as connection:
            if connection.bind():
                return Identity(user, self._groups(connection, dn, user)) if dn else None
            # A wrong password is told from a directory that could not answer.
            result = connection.result or {}
            if result.get("result") not in NOT_FOUND:
                raise UnavailableError(f"the directory answers {result.get('description', 'nothing')}")
            return None

    @contextmanager
    def _open(self, dn: str, password: str) -> Iterator[Connection]:
        """Open a connection, not bound yet. Its server is a new one: ldap3's remembers who did not answer."""
        settings = self._settings
        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=settings.ldap_ca_file or None)
        server = Server(settings.ldap_url, tls=tls, connect_timeout=settings.ldap_timeout_s, get_info=NONE)
        connection = Connection(
            server,
            user=dn,
            password=password,
            authentication=SIMPLE,
            receive_timeout=settings.ldap_timeout_s,
            auto_referrals=False,
            read_only=True,
        )
        try:
            connection.open()
            refused = settings.ldap_start_tls and not server.ssl and not connection.start_tls()
        except BaseException:
            if connection.socket is not None:  # ldap3 leaves it open
                connection.socket.close()
            raise
        try:
            if refused:
                raise UnavailableError("the directory refuses StartTLS: use ldaps://, or see LDAP_START_TLS")
            yield connection
        finally:
            connection.unbind()

    @contextmanager
    def _searching(self) -> Iterator[Connection]:
        """Open a connection of the account that searches."""
        settings = self._settings
        with self._open(settings.ldap_bind_dn, settings.ldap_bind_password.get_secret_value()) as connection:
            if not connection.bind():
                raise UnavailableError("the directory refuses LDAP_BIND_DN or its password")
            yield connection

    def _search(self, connection: Connection, user: str) -> str | None:
        """Find the one entry that is the user."""
        settings = self._settings
        text = settings.ldap_user_filter.replace("{user}", escape_filter_chars(user))
        connection.search(settings.ldap_base_dn, text, SUBTREE, attributes=["1.1"], size_limit=2)
        found = [entry["dn"] for entry in connection.response or [] if entry["type"] == "searchResEntry"]
        if len(found) > 1:
            log.warning("ldap.ambiguous", user=user)
        return found[0] if len(found) == 1 else None

    def _groups(self, connection: Connection, dn: str, user: str) -> tuple[str, ...]:
        settings = self._settings
        if not settings.ldap_group_base_dn:
            connection.search(dn, "(objectClass=*)", BASE, attributes=["memberOf"])
            entries = [entry for entry in connection.response or [] if entry["type"] == "searchResEntry"]
            return tuple(str(group) for entry in entries for group in entry["attributes"].get("memberOf", []))
        text = settings.ldap_group_filter.replace("{dn}", escape_filter_chars(dn))
        text = text.replace("{user}", escape_filter_chars(canonical(user)))
        connection.search(settings.ldap_group_base_dn, text, SUBTREE, attributes=["1.1"])
        return tuple(entry["dn"] for entry in connection.response or [] if entry["type"] == "searchResEntry")
