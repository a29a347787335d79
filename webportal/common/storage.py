"""How static files are named and compressed behind TLS."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped base
    """Hashed and compressed files, looking for references in style sheets only.

    Django also follows the source map comment of each script, and fails on Dash's, whose maps we leave out.
    """

    patterns = tuple(entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css")
