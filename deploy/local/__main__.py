"""The command line: `python -m deploy.local run|up|down|status|backup|restore|clean|chromium`."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local import down as stopping
from deploy.local.backup import backup
from deploy.local.chromium import ensure_chromium
from deploy.local.console import complain
from deploy.local.errors import LocalError
from deploy.local.restore import restore
from deploy.local.run import execute, prepare
from deploy.local.settings import Settings, resolve
from deploy.local.up import up

_READER_LEFT = 128 + signal.SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; the user's mistakes end in one message."""
    options = _parser().parse_args(arguments)
    try:
        return _dispatch(options, resolve(os.environ, Path.cwd()))
    except LocalError as error:
        complain(f"Encore: {error}")
    except PermissionError as error:
        complain(
            f"Encore: no permission for {error.filename}: was it made by another user? Run the command as that user, "
            "or set ENCORE_HOME to a folder of your own."
        )
    except BrokenPipeError:
        # whoever read us has enough, as `head` has; the interpreter's own flush at its end must not fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _READER_LEFT
    except OSError as error:
        complain(f"Encore: {error.strerror or error}: {error.filename or 'no file named'}. Is the disk full?")
    except KeyboardInterrupt:
        complain("\nEncore: interrupted. The same command goes on where it stopped.")
        return 130
    return 1


def _dispatch(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "run":
        return _run(options, settings)
    if options.action == "up":
        up(settings)
    elif options.action == "down":
        stopping.down(settings)
    elif options.action == "status":
        return 0 if stopping.status(settings) else 3  # as service managers say "not running"
    elif options.action == "backup":
        backup(settings, _folder(options.to, "make backup TO=/backups/monday"))
    elif options.action == "restore":
        source = _folder(options.source, "make restore FROM=/backups/monday")
        restore(settings, source, confirmed=options.confirm == "yes")
    elif options.action == "clean":
        stopping.clean(settings, confirmed=options.confirm == "yes")
    elif options.action == "chromium":
        ensure_chromium(settings.environ)
    return 0


def _run(options: argparse.Namespace, settings: Settings) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LocalError("Say what to run: python -m deploy.local run -- COMMAND ...")
    environ = prepare(settings, java=not options.no_java, postgres=not options.no_postgres, as_owner=options.as_owner)
    return execute(settings, command, environ, stop_after=options.stop_after)


def _folder(text: str, example: str) -> Path:
    if not text:
        raise LocalError(f"Say which folder: {example}")
    return Path(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="Run Encore on this machine.")
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="run a command with everything it needs")
    run.add_argument("--stop-after", action="store_true", help="stop the embedded Postgres when the command has ended")
    run.add_argument("--no-java", action="store_true", help="the command needs no Java")
    run.add_argument("--no-postgres", action="store_true", help="the command needs no database")
    run.add_argument("--as-owner", action="store_true", help="the command does everything as the database's owner")
    run.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND ...")
    actions.add_parser("up", help="bring everything up")
    actions.add_parser("down", help="stop what `up` started")
    actions.add_parser("status", help="what runs and where")
    keep = actions.add_parser("backup", help="write Postgres and lake into a folder")
    keep.add_argument("--to", default="", help="the folder, which does not exist yet")
    bring = actions.add_parser("restore", help="put a backup into the place of Postgres and lake")
    bring.add_argument("--from", dest="source", default="", help="the backup's folder")
    bring.add_argument("--confirm", default="", help="yes, to really do it")
    clean = actions.add_parser("clean", help="delete ENCORE_HOME")
    clean.add_argument("--confirm", default="", help="yes, to really do it")
    actions.add_parser("chromium", help="install Chromium for the browser tests when it is missing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
