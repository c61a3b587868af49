"""Forms of the server-rendered pages: how they are encoded, and numbers that nobody means."""

import aiohttp
import pytest

from tests.console.small_room import SmallRoom
from tests.integration.console.served import Served, served

FORM = "application/x-www-form-urlencoded"


async def sent(server: Served, body: bytes, kind: str = FORM) -> tuple[int, str]:
    """Return the status and the text of what the engineer's page says to these bytes."""
    headers = await server.cookies() | {"Content-Type": kind, "Origin": server.address}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{server.address}/engineering", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def form_of(server: Served) -> bytes:
    """Return the field that only our own page can know."""
    badge = server.room.desk.known(await server.let_in())
    assert badge is not None
    assert badge.session is not None
    return b"form=" + badge.session.form.encode()


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "latin-1", "nonsense"])
async def test_a_form_in_another_encoding_is_refused(charset: str) -> None:
    """Encodings that can say half a character, or another text than was typed, are a 415."""
    async with served(SmallRoom()) as server:
        body = await form_of(server) + b"&do=stop&reason=\\ud800"
        status, _ = await sent(server, body, f"{FORM}; charset={charset}")
        assert status == 415


async def test_a_form_that_is_no_utf_8_is_refused() -> None:
    """Bytes that are no text are a 400; the same encoding by its name is taken."""
    async with served(SmallRoom()) as server:
        form = await form_of(server)
        status, _ = await sent(server, form + b"&do=stop&reason=\xff", f"{FORM}; charset=UTF-8")
        assert status == 400
        status, _ = await sent(server, form + b"&do=stop&reason=enough", f"{FORM}; charset=UTF-8")
        assert status != 400


@pytest.mark.parametrize("position", ["9" * 25, "1" * 16, "\u0663", "-1", "x"])
async def test_a_position_that_no_journal_has_is_refused_by_the_page(position: str) -> None:
    """The page says so, and accepts nothing in its place."""
    async with served(SmallRoom()) as server:
        body = await form_of(server) + b"&do=accept&reason=meant&group=g&position=" + position.encode()
        status, text = await sent(server, body)
        assert (status, "no position of the journal" in text) == (409, True)
