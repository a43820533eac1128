"""What importlib.metadata says of a package that is shimmed."""
from importlib.metadata import Distribution

#: The versions whose interface the shims have.
VERSIONS = {"wandb": "0.31.0", "trackio": "0.43.0", "neptune": "1.14.0"}


class Shimmed(Distribution):
    """The name and the version."""

    def __init__(self, name):
        self._of = name

    def read_text(self, filename):
        """METADATA; there are no other files."""
        if filename != "METADATA":
            return None
        return "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (self._of, VERSIONS[self._of])

    def locate_file(self, path):
        """Where a file would be."""
        return path
