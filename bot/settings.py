"""The settings of a service: what they mean, where they come from, and what follows from them."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.cli.words import staff_language
from bot.settingsfiles import DOTENV, PREFIX
from surveys.campaign.office import Office
from surveys.language import CHINESE, ENGLISH, translate


def _split(value: Any) -> Any:
    """Take `a, b` as well as a list: environment variables are text."""
    if isinstance(value, str):
        return tuple(part for part in re.split(r"[,，;；\s]+", value) if part)
    return value


def _shift(value: Any) -> Any:
    """Read one shift, `09:00-12:00`."""
    if isinstance(value, str):
        return tuple(time.fromisoformat(part.strip()) for part in re.split(r"[-–—~]", value, maxsplit=1))
    return value


Dates = Annotated[frozenset[date], NoDecode, BeforeValidator(_split)]
Hours = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_split)]
Shift = Annotated[tuple[time, time], BeforeValidator(_shift)]
Shifts = Annotated[tuple[Shift, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Every setting, each with its help. Flags win over the environment, then `.env`, TOML and defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_file=DOTENV,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    data: Path = Field(
        Path("pingyi-data"),
        description="Folder of the database, the key files and the control socket; made on the first run.",
    )
    database: SecretStr = Field(
        SecretStr(""),
        description="Database URL, `postgresql://user:password@host/name` or `sqlite:///file`; "
        "empty means SQLite in the data folder.",
    )
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8450, ge=0, le=65535, description="Port the service listens on; 0 takes any free one.")
    public_url: str = Field(
        "",
        description="Where providers and residents reach the service from outside, for example "
        "`https://pingyi.example.org`; empty means the host and port above.",
    )
    region: str = Field(
        "CN",
        pattern="^[A-Z]{2}$",
        description="Two-letter country whose phone numbers may be written without a country code.",
    )
    zone: str = Field("Asia/Shanghai", description="Time zone of the office and its residents (IANA name).")
    language: Literal["", "zh", "en"] = Field(
        "",
        description="Language of the staff, `zh` or `en`; empty follows the terminal's locale.",
    )
    office_zh: str = Field(
        default_factory=lambda: translate(CHINESE, "Evaluation Office"),
        description="Name of the office as residents read it in Chinese.",
    )
    office_en: str = Field("Evaluation Office", description="Name of the office as residents read it in English.")
    hotline: str = Field("", description="Phone number residents are told when they ask for a person.")
    shifts: Shifts = Field(
        ((time(9), time(12)), (time(14), time(18))),
        description="Working shifts, Monday to Friday, local time: `09:00-12:00, 14:00-18:00`; case clocks count them.",
    )
    holidays: Dates = Field(
        frozenset(),
        description="Days without work, `2027-01-01, 2027-02-05`. Case clocks stand still on them.",
    )
    workdays: Dates = Field(
        frozenset(),
        description="Saturdays and Sundays that are worked (make-up days), as dates.",
    )
    day_opens: time = Field(time(9), description="Local time from which residents may be written to.")
    day_closes: time = Field(time(20), description="Local time after which only replies are sent: quiet hours begin.")
    contact_cap: int = Field(2, ge=1, description="Invitations and notices a resident gets at most within `cap_days`.")
    cap_days: int = Field(30, ge=1, description="Days over which `contact_cap` counts.")
    case_hours: int = Field(35, ge=1, description="Working hours a unit has to handle a case.")
    callback_after_hours: int = Field(
        24,
        ge=0,
        description="Hours after a unit reports a case done until the resident is called back.",
    )
    callback_reminder_hours: Hours = Field(
        (24, 72),
        description="Hours after the callback at which a resident who is silent is reminded: `24, 72`.",
    )
    callback_expires_days: int = Field(
        7,
        ge=1,
        description="Days after which a callback without an answer ends as not reached.",
    )
    escalate_after_reopens: int = Field(2, ge=1, description="How often a case is reopened before it is escalated.")
    simulator: bool = Field(
        default=False,
        description="Offer the phone simulator as a channel. For trials and demonstrations only.",
    )
    simulator_url: str = Field(
        "",
        description="Where a simulator of its own (`pingyi simulator`) answers; empty means inside the service.",
    )
    simulator_secret: SecretStr = Field(
        SecretStr(""),
        description="Secret shared with the simulator; empty means a key file in the data folder.",
    )
    telegram_token: SecretStr = Field(
        SecretStr(""),
        description="Token of the office's Telegram bot; empty switches Telegram off.",
    )
    telegram_name: str = Field(
        "",
        pattern="^([A-Za-z][A-Za-z0-9_]{3,31})?$",
        description="User name of the bot, without @: invitation links carry it.",
    )
    telegram_polling: bool = Field(
        default=False,
        description="Fetch Telegram's messages instead of having them posted: for an office without a public address.",
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        description="Secret Telegram puts on what it posts (A-Z, a-z, 0-9, _ and -); empty means a key file in the "
        "data folder.",
    )
    telegram_url: str = Field("", description="Where the Bot API answers; empty means Telegram's own. For emulators.")
    telegram_per_second: float = Field(
        30, ge=0, description="Telegram messages a second over all processes; 0 means no limit."
    )
    telegram_chat_gap: float = Field(1, ge=0, description="Seconds between two Telegram messages to one chat.")
    twilio_account: str = Field("", description="Account SID of Twilio, for SMS and WhatsApp; empty switches both off.")
    twilio_token: SecretStr = Field(SecretStr(""), description="Auth token of the Twilio account.")
    twilio_url: str = Field("", description="Where Twilio's API answers; empty means Twilio's own. For emulators.")
    sms_service: str = Field("", description="SID of the Twilio Messaging Service that sends SMS.")
    sms_from: str = Field("", description="Number that sends SMS, if there is no Messaging Service.")
    sms_per_second: float = Field(1, ge=0, description="SMS segments a second over all processes; 0 means no limit.")
    whatsapp_from: str = Field("", description="WhatsApp number that sends, `+861234567890`; empty switches it off.")
    whatsapp_per_second: float = Field(
        20, ge=0, description="WhatsApp messages a second over all processes; 0 means no limit."
    )
    gateway: Path | None = Field(
        None,
        description="TOML file that describes a carrier's HTTP gateway for SMS (docs/gateway.md).",
    )
    gateway_secret: SecretStr = Field(SecretStr(""), description="Secret shared with the gateway.")
    gateway_per_second: float = Field(
        10, ge=0, description="SMS segments a second by the gateway over all processes; 0 means no limit."
    )
    clock_start: AwareDatetime | None = Field(
        None,
        description="Instant a scaled clock shows when it starts, `2026-03-02T08:00:00+08:00`; for trials only.",
    )
    clock_speed: float = Field(
        1.0,
        gt=0,
        description="How many times faster than real time the clock runs; for trials only.",
    )
    clock_origin: AwareDatetime | None = Field(
        None,
        description="Real instant at which a scaled clock showed `clock_start`; empty means the first run in the "
        "data folder. Give all processes of one service the same.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO",
        description="What the service logs on stderr, as JSON lines: DEBUG, INFO, WARNING or ERROR.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources; the TOML file's values arrive among the flags under a name of their own."""
        flags = dict(init_settings())
        table = flags.pop(TABLE, {})
        return (
            InitSettingsSource(settings_cls, flags),
            env_settings,
            dotenv_settings,
            InitSettingsSource(settings_cls, table),
        )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone") from error
        return value

    @field_validator("public_url", "simulator_url", "telegram_url", "twilio_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+", value):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.match(r"(sqlite|postgresql)(\+\w+)?://", value.get_secret_value()):
            raise ValueError("the database is postgresql://... or sqlite:///...")
        return value

    @model_validator(mode="after")
    def _day_in_order(self) -> Self:
        if self.day_opens >= self.day_closes:
            raise ValueError("day_opens must be before day_closes")
        ends = [moment for shift in self.shifts for moment in shift]
        if not ends or any(later <= earlier for earlier, later in pairwise(ends)):
            raise ValueError("shifts must follow one another within a day")
        return self

    @property
    def folder(self) -> Path:
        """The data folder, absolute."""
        return self.data.expanduser().absolute()

    @property
    def database_url(self) -> str:
        """The URL of the database."""
        return self.database.get_secret_value() or f"sqlite:///{self.folder / 'pingyi.db'}"

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite, which one process opens at a time."""
        return self.database_url.startswith("sqlite")

    @property
    def local_url(self) -> str:
        """Where the service is reached from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104 - translated, not bound
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}"

    @property
    def outside_url(self) -> str:
        """Where the service is reached from outside."""
        return self.public_url or self.local_url

    @property
    def carrier_url(self) -> str:
        """Where the phone simulator is reached."""
        return self.simulator_url or f"{self.local_url}/simulator"

    @property
    def staff_language(self) -> str:
        """The language of the staff, `zh` or `en`."""
        return self.language or staff_language()

    def office(self) -> Office:
        """Return what decisions need to know of the office."""
        return Office(
            names={CHINESE: self.office_zh, ENGLISH: self.office_en},
            hotline=self.hotline,
            zone=self.zone,
            shifts=self.shifts,
            holidays=self.holidays,
            workdays=self.workdays,
            day_opens=self.day_opens,
            day_closes=self.day_closes,
            case_hours=self.case_hours,
            callback_after=timedelta(hours=self.callback_after_hours),
            callback_reminders=tuple(timedelta(hours=hours) for hours in self.callback_reminder_hours),
            callback_expires=timedelta(days=self.callback_expires_days),
            escalate_after_reopens=self.escalate_after_reopens,
            contact_cap=self.contact_cap,
            cap_days=self.cap_days,
            telegram=self.telegram_name if self.telegram_token.get_secret_value() else "",
        )


TABLE = "toml_table"
