"""Where the store is, as its settings say; what TLS then makes of it is shown by no test here."""

from pathlib import Path

from controlroom.journal.valkey import Address, Tls
from controlroom.settings import Settings
from controlroom.wiring.memory import address


def at(url: str, ca_file: Path | None = None) -> Address:
    """Return the address that these settings of the store lead to."""
    plain = Settings()
    store = plain.store.model_copy(update={"url": url, "ca_file": ca_file})
    return address(plain.model_copy(update={"store": store}))


def test_a_store_with_tls_is_trusted_by_the_authorities_that_are_named() -> None:
    """`rediss://` asks for TLS with the named authorities, or with the system's where none are named."""
    named = at("rediss://store.example:6380/2", Path("ca.pem"))

    assert (named.host, named.port, named.database) == ("store.example", 6380, 2)
    assert named.tls == Tls(ca_file="ca.pem", check_hostname=True)
    assert at("rediss://store.example").tls == Tls(ca_file=None, check_hostname=True)


def test_a_store_without_tls_stays_without() -> None:
    """`redis://` and `unix://` know no certificates."""
    assert at("redis://store.example").tls is None
    assert at("unix:///run/store.sock").tls is None
