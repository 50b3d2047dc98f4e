"""The same questionnaire in python-telegram-bot's ConversationHandler: state in memory, nothing kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application, ConversationHandler, ExtBot, MessageHandler, filters
from telegram.request import BaseRequest

from surveys.questionnaire.form import Kind, Question
from surveys.questionnaire.templates import template_form
from tests.bench.replies import FORM, waves

ASKED = tuple(q for q in template_form(FORM).questions if q.kind in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
#: The two conditions of the questionnaire, as a handler's author would write them.
APPLIES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "q5": lambda said: said["q4"] == ["yes"],
    "q6": lambda said: said["q4"] != ["yes"],
}


class NoNetwork(BaseRequest):
    """Answers every call of the Bot API at once, as Telegram would."""

    @property
    def read_timeout(self) -> float:
        """How long an answer may take."""
        return 1.0

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing."""

    async def do_request(self, url: str, method: str, request_data: Any = None, **_: Any) -> tuple[int, bytes]:
        """Return a user for getMe, the message for sendMessage."""
        del method
        result: dict[str, Any] = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
        if url.endswith("/sendMessage"):
            said = request_data.parameters
            chat = {"id": said["chat_id"], "type": "private"}
            result = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": said["text"]}
        return 200, json.dumps({"ok": True, "result": result}).encode()


class StubBot(ExtBot[None]):
    """Sends nothing: the reply ends where it would leave the handler."""

    async def send_message(self, *_: Any, **__: Any) -> Any:
        """Do nothing."""
        return None


class Handler:
    """One application; `sends` builds every reply up to the transport, otherwise a stub bot swallows it.

    `parsed` leaves the parsing of Telegram's JSON out of the measurement.
    """

    def __init__(self, batch: int, *, sends: bool = False, parsed: bool = False) -> None:
        self.talked = 0
        self._batch, self._parsed = batch, parsed
        self._next: list[Any] = []
        bot = ExtBot if sends else StubBot
        self._loop = asyncio.new_event_loop()
        self._app = (
            Application.builder()
            .bot(bot("1:bench", request=NoNetwork(), get_updates_request=NoNetwork()))
            .updater(None)
            .build()
        )
        states = {
            question.name: [MessageHandler(filters.TEXT & ~filters.COMMAND, _asked(place))]
            for place, question in enumerate(ASKED)
        }
        entry = MessageHandler(filters.Regex("^/start"), _start)
        self._app.add_handler(
            ConversationHandler(entry_points=[entry], states=states, fallbacks=[])  # type: ignore[arg-type]  # a dict is invariant
        )
        self._loop.run_until_complete(self._app.initialize())

    def close(self) -> None:
        """End the loop."""
        self._loop.run_until_complete(self._app.shutdown())
        self._loop.close()

    def prepare(self) -> None:
        """Open the conversations of the next residents; parse what they will say, if that is not to be measured."""
        residents = range(self.talked + 1, self.talked + self._batch + 1)
        self._run([_update(resident, "/start") for resident in residents])
        self._next = [_update(resident, text) for wave in waves(residents) for resident, text in wave]
        if self._parsed:
            self._next = [Update.de_json(update, self._app.bot) for update in self._next]

    def once(self) -> int:
        """Process every reply; return how many."""
        self._run(self._next)
        self.talked += self._batch
        return len(self._next)

    def verify(self) -> None:
        """Count who has answered the last question."""
        finished = sum("q7" in said for said in self._app.user_data.values())
        if finished != self.talked:
            raise AssertionError((finished, self.talked))

    def _run(self, updates: Sequence[Any]) -> None:
        bot, process = self._app.bot, self._app.process_update

        async def run() -> None:
            for update in updates:
                await process(update if isinstance(update, Update) else Update.de_json(update, bot))

        self._loop.run_until_complete(run())


def _update(resident: int, text: str) -> dict[str, Any]:
    person = {"id": resident, "first_name": "王", "is_bot": False}
    chat = {"id": resident, "type": "private", "first_name": "王"}
    at = int(datetime(2026, 11, 2, tzinfo=UTC).timestamp())
    return {"update_id": 1, "message": {"message_id": 1, "date": at, "chat": chat, "from": person, "text": text}}


async def _start(update: Any, _context: Any) -> str:
    await update.message.reply_text(_wording(0))
    return ASKED[0].name


def _asked(place: int) -> Callable[[Any, Any], Coroutine[Any, Any, Any]]:
    question = ASKED[place]
    options = _options(question)

    async def answered(update: Any, context: Any) -> Any:
        words = update.message.text.replace("、", " ").split()
        chosen = [options.get(word) for word in words]
        if not chosen or None in chosen:
            await update.message.reply_text("对不起,没有看懂。\n" + _wording(place))
            return question.name
        said = context.user_data
        said[question.name] = chosen
        for following in range(place + 1, len(ASKED)):
            name = ASKED[following].name
            if name not in APPLIES or APPLIES[name](said):
                await update.message.reply_text(_wording(following))
                return name
        await update.message.reply_text("谢谢您的参与!")
        return ConversationHandler.END

    return answered


def _options(question: Question) -> dict[str, str]:
    shown = [choice for choice in question.choices if not choice.hidden]
    words = {str(place): choice.name for place, choice in enumerate(shown, 1)}
    for choice in question.choices:
        words |= dict.fromkeys((*choice.labels.values(), *choice.synonyms), choice.name)
    return words


def _wording(place: int) -> str:
    question = ASKED[place]
    shown = [choice for choice in question.choices if not choice.hidden]
    options = (f"{number} {choice.label('zh')}" for number, choice in enumerate(shown, 1))
    return "\n".join((f"{place + 1}/{len(ASKED)} {question.label('zh')}", *options))
