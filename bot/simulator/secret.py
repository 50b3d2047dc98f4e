"""The secret both ends of the phone simulator share."""

from __future__ import annotations

from bot.secret import kept_secret
from bot.settings import Settings


def simulator_secret(settings: Settings) -> str:
    """Return the secret of the settings, or the one in the data folder, made when there is none."""
    chosen = settings.simulator_secret.get_secret_value()
    return chosen or kept_secret(settings.folder / "keys" / "simulator.key")
