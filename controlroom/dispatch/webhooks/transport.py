"""The door to partners' receivers: one POST, bounded in time and in what is read, that follows nobody.

The answer's status is all that counts. A redirect is not followed: an address comes from the configuration,
never from somebody's answer. Of a body a few kilobytes are read, so that a well-meant one does not break
the connection, and thrown away; no cookie and no proxy of the environment is used.
"""

import asyncio

import aiohttp
import msgspec

BODY_READ_MAX = 8 * 1024
"""Bytes of an answer that are read at most: an acknowledgement has none or a line."""

HEADER_MAX = 8 * 1024
"""Bytes of a header line that are taken."""


class Answer(msgspec.Struct, frozen=True):
    """What a receiver said: the HTTP status, and after how many seconds it wants to be asked again."""

    status: int
    retry_after_s: float | None = None


class Unreached(Exception):
    """No answer came, or what came was no HTTP; the text says which, in a few words."""


class Transport:
    """Connections to receivers. Made within a running loop; `close` ends them."""

    def __init__(self, timeout_s: float) -> None:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=HEADER_MAX,
            max_field_size=HEADER_MAX,
            headers={"User-Agent": "controlroom"},
        )
        self._timeout_s = timeout_s

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return the receiver's answer; raises `Unreached`."""
        headers = {**headers, "Content-Type": "application/cloudevents+json"}
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.content.read(BODY_READ_MAX)
                return Answer(answer.status, _seconds(answer.headers.get("Retry-After")))
        except TimeoutError:
            raise Unreached(f"no answer within {self._timeout_s:g} s") from None
        except aiohttp.ClientConnectorError as fault:
            raise Unreached(f"no connection ({fault.os_error.strerror or 'refused'})") from None
        except aiohttp.ClientResponseError:
            raise Unreached("its answer is no HTTP") from None
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as fault:
            raise Unreached(f"the connection broke ({type(fault).__name__})") from None

    async def close(self) -> None:
        """End every connection."""
        await self._session.close()


def _seconds(text: str | None) -> float | None:
    """Return the wait that a header asks for in seconds; None where it says none, or a date."""
    return float(text) if text is not None and text.isascii() and text.isdigit() else None
