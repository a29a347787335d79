"""Where the figures go: a file for the node exporter's textfile collector, a Pushgateway, or both."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, push_to_gateway, write_to_textfile

from orchestration.addresses import is_of_the_web

JOB = "encore_pipeline"
_TIMEOUT_SECONDS = 10


class BadFiguresSettingsError(ValueError):
    """A variable of the figures is wrong; the text names it."""


@dataclass(frozen=True)
class FiguresSettings:
    """A file, an address, or neither."""

    textfile: Path | None = None
    gateway: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "FiguresSettings":
        """Read `ENCORE_PIPELINE_METRICS_FILE` and `ENCORE_PUSHGATEWAY`.

        Raises:
            BadFiguresSettingsError: the file does not end in `.prom`, or the address is none.
        """
        named, gateway = environ.get("ENCORE_PIPELINE_METRICS_FILE", ""), environ.get("ENCORE_PUSHGATEWAY", "")
        if named and Path(named).suffix != ".prom":
            raise BadFiguresSettingsError(
                f"ENCORE_PIPELINE_METRICS_FILE={named!r} does not end in .prom, as in /var/lib/encore.prom."
            )
        if gateway and not is_of_the_web(gateway):
            raise BadFiguresSettingsError(
                "ENCORE_PUSHGATEWAY is not an address of the web, as in http://127.0.0.1:9091."
            )
        return cls(Path(named) if named else None, gateway)

    @staticmethod
    def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
        """Whether a variable asks for figures, however it is written: definitions must load even if it is mistyped."""
        return any(environ.get(name) for name in ("ENCORE_PIPELINE_METRICS_FILE", "ENCORE_PUSHGATEWAY"))

    @property
    def is_on(self) -> bool:
        """Whether the figures go anywhere."""
        return bool(self.textfile or self.gateway)


def hand_over(registry: CollectorRegistry, settings: FiguresSettings) -> None:
    """Write the file at once, so that no reader sees half of it, and push.

    Raises:
        OSError: a file cannot be written, or the gateway does not take it.
    """
    if settings.textfile:
        settings.textfile.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(settings.textfile), registry)
    if settings.gateway:
        push_to_gateway(settings.gateway, JOB, registry, timeout=_TIMEOUT_SECONDS)
