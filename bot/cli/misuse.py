"""What a command that was called wrongly says: one line, in the language of the staff."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.cli.words import _, staff_language
from surveys.language import ENGLISH, Message, message

#: Sentences of the library that reads the command line, and what their parts are called in ours.
_SENTENCES: tuple[tuple[re.Pattern[str], Message], ...] = (
    (re.compile(r"No such command '(?P<name>.*?)'\.?(?P<rest>.*)"), message("There is no command “{name}”.")),
    (re.compile(r"No such option: (?P<name>\S+)(?P<rest>.*)"), message("There is no option “{name}”.")),
    (re.compile(r"Missing argument '?(?P<name>[^']*?)'?\.(?P<rest>.*)"), message("{name} is missing.")),
    (re.compile(r"Missing option '?(?P<name>[^']*?)'?\.(?P<rest>.*)"), message("The option {name} is missing.")),
    (re.compile(r"Missing command\.(?P<rest>.*)"), message("The command is missing.")),
    (
        re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.*)\)(?P<rest>.*)"),
        message("“{name}” is too much."),
    ),
    (
        re.compile(r"Option '(?P<name>\S+)' requires an argument\.?(?P<rest>.*)"),
        message("The option {name} needs a value."),
    ),
    (
        re.compile(
            r"Invalid value for '?(?P<name>[^':]*(?:' / '[^']*)*)'?: '(?P<value>.*)' is not one of (?P<known>.*)\."
        ),
        message("{name}: “{value}” is not one of {known}."),
    ),
    (
        re.compile(r"Invalid value for '?(?P<name>[^':]*)'?: '?(?P<value>.*?)'? is not a valid \w+( range)?\."),
        message("{name}: “{value}” is no number."),
    ),
    (
        re.compile(r"Invalid value for '?(?P<name>[^':]*)'?: (?P<value>\S+) is not in the range (?P<known>.*)\."),
        message("{name}: {value} is not in the range {known}."),
    ),
    (
        re.compile(
            r"(?:Invalid value for )?'?(?P<name>[^':]*)'?: Value error, '(?P<value>.*)' is not one of (?P<known>.*)\."
        ),
        message("{name}: “{value}” is not one of {known}."),
    ),
    (
        re.compile(r"(?:Invalid value for )?'?(?P<name>[^':]*)'?: Input should be a valid (?:number|integer).*"),
        message("{name}: that is no number."),
    ),
    (
        re.compile(
            r"(?:Invalid value for )?'?(?P<name>[^':]*)'?: Input should be greater than or equal to (?P<known>\S+)"
        ),
        message("{name} must be at least {known}."),
    ),
    (
        re.compile(r"(?:Invalid value for )?'?(?P<name>[^':]*)'?: Value error, (?P<value>.*)"),
        message("{name}: {value}"),
    ),
    (re.compile(r"Invalid value for '?(?P<name>[^':]*)'?: (?P<value>.*)"), message("{name}: {value}")),
    (re.compile(r"Invalid value: (?P<value>.*)"), message("{value}")),
)
_SUGGESTED = re.compile(r"(--?[\w-]+|(?<=')[\w-]+(?='))")
#: Options of the whole program: they may also stand behind the command.
SHARED = ("--data", "--config", "--language")


def told(error: Any) -> str:
    """Return what is wrong with a call; `error` is what the library raised."""
    said = " ".join(error.format_message().split())
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(said)
        if found:
            parts = found.groupdict()
            near = _SUGGESTED.findall(parts.pop("rest", "") or "")
            line = Message(sentence.template, parts).text(staff_language())
            return f"{line} {_('Did you mean {name}?', name=', '.join(near))}" if near else line
    return said


def in_front(arguments: Sequence[str], command: Any) -> list[str]:
    """Return the arguments with options of the whole program first, unless the command has one of that name itself.

    `command` is the outermost; what stands behind `--` is left alone.
    """
    owned = _options(arguments, command)
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*front, *rest, word, *waiting]
        name, equals, _value = word.partition("=")
        if name in SHARED and name not in owned:
            front += [word] if equals or not waiting else [word, waiting.pop(0)]
        else:
            rest.append(word)
    return [*front, *rest]


def _options(arguments: Sequence[str], command: Any) -> set[str]:
    """Return the options of the command that is called."""
    called = command
    words = iter(arguments)
    for word in words:
        if word in SHARED and called is command:
            next(words, "")
        elif not word.startswith("-"):
            inner = getattr(called, "commands", {}).get(word)
            if inner is None:
                break
            called = inner
    return set() if called is command else {option for parameter in called.params for option in parameter.opts}


def in_our_words(command: Any) -> None:
    """Put what the library itself says in the help into the language of the staff; `command` is the outermost."""
    from typer import Context, rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    if staff_language() == ENGLISH:
        return
    of_the_library = {
        "help": _("Show this message and exit."),
        "install_completion": _("Install completion for the current shell."),
        "show_completion": _("Show completion for the current shell, to copy it or customize the installation."),
    }
    commands = [(command, Context(command, help_option_names=command.context_settings["help_option_names"]))]
    for called, context in commands:
        for option in called.get_params(context):
            option.help = of_the_library.get(option.name, option.help)
        commands += [(inner, Context(inner, parent=context)) for inner in getattr(called, "commands", {}).values()]
