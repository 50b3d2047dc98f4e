"""What comes with a message by Twilio: pictures and recordings by their address, a place in fields of its own."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import ClientError, ClientResponse, ClientSession, encode_basic_auth
from yarl import URL

from bot.channels.channel import Unfetchable
from surveys.dialogue.attachment import Attachment, AttachmentKind

API = URL("https://api.twilio.com")
#: Where Twilio's API sends whoever asks for a picture; the address is signed, so no credentials go there.
MEDIA_HOSTS = ("twiliocdn.com",)
#: Attachments of one message at most.
MOST = 10
#: Bytes of one attachment; what is larger is refused as soon as it is.
LARGEST = 20 * 1024 * 1024
#: Redirects that are followed.
HOPS = 3

_CHUNK = 64 * 1024
#: What will not be there tomorrow either.
_GONE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def attachments(said: Mapping[str, str]) -> tuple[Attachment, ...]:
    """Return what the fields of a message name besides its words."""
    number = said.get("NumMedia", "0")
    count = min(int(number), MOST) if number.isascii() and number.isdecimal() and len(number) < 4 else 0
    found = [
        Attachment(_kind(said.get(f"MediaContentType{place}", "")), reference=url, media_type=media_type)
        for place in range(count)
        if (url := said.get(f"MediaUrl{place}", ""))
        for media_type in (said.get(f"MediaContentType{place}", "")[:128],)
    ]
    where = _place(said.get("Latitude", ""), said.get("Longitude", ""))
    if where:
        found.append(Attachment(AttachmentKind.LOCATION, text=where))
    return tuple(found)


async def fetch(
    session: ClientSession,
    reference: str,
    api: str,
    auth: tuple[str, str],
    hosts: tuple[str, ...] = MEDIA_HOSTS,
) -> tuple[str, bytes]:
    """Return media type and content of what is at the address `reference` of the API at `api`.

    The credentials go to the API's own host only, and requests to it and to `hosts` only: whoever could name another
    address in a message would have us knock there.
    """
    home = URL(api) if api else API
    try:
        url = URL(reference)
    except ValueError as error:
        raise Unfetchable("the reference is no address", final=True) from error
    if not url.absolute or url.origin() != home.origin():
        raise Unfetchable("the reference is none of Twilio's API", final=True)
    try:
        for _ in range(HOPS):
            own = url.origin() == home.origin()
            headers = {"Authorization": encode_basic_auth(*auth)} if own else {}
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status not in {301, 302, 303, 307, 308}:
                    return await _content(answer)
                url = url.join(URL(answer.headers.get("Location", "")))
            if url.origin() != home.origin() and not _allowed(url, home, hosts):
                raise Unfetchable("Twilio sends us to an address that is none of its own", final=True)
    except (ClientError, OSError, ValueError) as error:
        raise Unfetchable(f"no answer: {type(error).__name__}", final=False) from error
    raise Unfetchable("Twilio sends us round in circles", final=True)


def _allowed(url: URL, home: URL, hosts: tuple[str, ...]) -> bool:
    host = url.host or ""
    return url.scheme == home.scheme and any(host == known or host.endswith(f".{known}") for known in hosts)


async def _content(answer: ClientResponse) -> tuple[str, bytes]:
    if answer.status != HTTPStatus.OK:
        raise Unfetchable(f"Twilio answered {answer.status}", final=answer.status in _GONE)
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise Unfetchable("the attachment is too large", final=True)
    return answer.content_type, bytes(content)


def _kind(media_type: str) -> AttachmentKind:
    main = media_type.partition("/")[0].strip().lower()
    if media_type.lower().startswith("image/webp"):
        return AttachmentKind.STICKER  # WhatsApp's stickers are the only pictures of this type
    kinds = {"audio": AttachmentKind.VOICE, "image": AttachmentKind.PHOTO, "video": AttachmentKind.VIDEO}
    return kinds.get(main, AttachmentKind.FILE)


def _place(latitude: str, longitude: str) -> str:
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        return ""
    return f"{north},{east}" if -90 <= north <= 90 and -180 <= east <= 180 else ""
