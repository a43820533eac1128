"""Images, tables, histograms and other files that scripts make for a logger, with the standard library alone."""
import json
import math
import os
import struct
import zlib

from dbx_capture.values import plain


class Media:
    """Something that is kept as a file: `_dbx_media()` gives its bytes and the ending of its name."""

    _ending = ".bin"

    def __init__(self, data_or_path=None, caption=None, **_options):
        self._data = data_or_path
        self._caption = caption

    def _dbx_media(self):
        data = self._data
        if isinstance(data, (str, os.PathLike)) and os.path.isfile(data):
            with open(data, "rb") as file:
                return file.read(), os.path.splitext(str(data))[1] or self._ending
        if hasattr(data, "read"):
            data = data.read()
        if isinstance(data, str):
            data = data.encode("utf-8", "replace")
        if isinstance(data, (bytes, bytearray, memoryview)):
            return bytes(data), self._ending
        return json.dumps(plain(data)).encode(), ".json"


class Html(Media):
    _ending = ".html"


class Video(Media):
    _ending = ".mp4"


class Object3D(Media):
    _ending = ".obj"


class Molecule(Media):
    _ending = ".pdb"


class Audio(Media):
    """Samples from -1 to 1, or a file."""

    _ending = ".wav"

    def __init__(self, data_or_path=None, sample_rate=44100, caption=None, **options):
        super().__init__(data_or_path, caption, **options)
        self._rate = int(sample_rate or 44100)

    def _dbx_media(self):
        if not hasattr(self._data, "tolist"):
            return super()._dbx_media()
        samples = self._data.tolist()
        rows = samples if samples and isinstance(samples[0], list) else [[sample] for sample in samples]
        peak = 32767 if "float" in str(getattr(self._data, "dtype", "float")) else 1
        values = [max(-32768, min(32767, int(value * peak))) for row in rows for value in row]
        content = struct.pack("<%dh" % len(values), *values)
        channels = len(rows[0]) if rows else 1
        head = struct.pack(
            "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(content), b"WAVE", b"fmt ", 16, 1, channels, self._rate,
            self._rate * channels * 2, channels * 2, 16, b"data", len(content),
        )
        return head + content, ".wav"


class Image(Media):
    """A file, an image of PIL, a figure of matplotlib, or an array of height, width and perhaps channels."""

    _ending = ".png"

    def _dbx_media(self):
        data = self._data
        if isinstance(data, Image):
            return data._dbx_media()
        if hasattr(data, "savefig") or type(data).__module__.split(".")[0] == "PIL":
            import io

            file = io.BytesIO()
            if hasattr(data, "savefig"):
                data.savefig(file, format="png")
            else:
                data.save(file, format="PNG")
            return file.getvalue(), ".png"
        if hasattr(data, "detach"):
            data = data.detach().cpu().numpy()
        if hasattr(data, "tolist"):
            return png_of(data), ".png"
        return super()._dbx_media()


def png_of(array):
    """The bytes of a PNG file of an array; floats from 0 to 1 are scaled, and channels may come first."""
    shape = tuple(array.shape)
    if len(shape) == 4 and shape[0] == 1:
        array, shape = array[0], shape[1:]
    if len(shape) == 3 and shape[0] in (1, 3, 4) and shape[2] not in (1, 3, 4):
        array, shape = array.transpose(1, 2, 0), (shape[1], shape[2], shape[0])
    if len(shape) == 3 and shape[2] == 1:
        array, shape = array.reshape(shape[0], shape[1]), shape[:2]
    channels = 1 if len(shape) == 2 else shape[2]
    if len(shape) not in (2, 3) or channels not in (1, 3, 4):
        raise ValueError("an array of the shape %s is not an image" % (shape,))
    is_float = "float" in str(array.dtype)
    scale = 255 if "bool" in str(array.dtype) or is_float and float(array.max()) <= 1 else 1
    flat = array.reshape(shape[0], shape[1] * channels).tolist()
    rows = (bytes(max(0, min(255, int(value * scale))) for value in row) for row in flat)
    raw = b"".join(b"\0" + row for row in rows)

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", shape[1], shape[0], 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


class Table(Media):
    """Columns and rows."""

    def __init__(self, columns=None, data=None, rows=None, dataframe=None, **_options):
        super().__init__()
        if dataframe is not None:
            self.columns = [str(name) for name in dataframe.columns]
            self.data = [list(row) for row in dataframe.values.tolist()]
            return
        self.columns = list(columns) if columns is not None else ["Input", "Output", "Expected"]
        given = data if data is not None else rows
        given = given.tolist() if hasattr(given, "tolist") else given
        self.data = [list(row) for row in given or []]

    def add_data(self, *row):
        """Adds a row."""
        if len(row) != len(self.columns):
            raise ValueError("This table expects %d columns: %s, found %d" % (len(self.columns), self.columns, len(row)))
        self.data.append(list(row))

    add_row = add_data

    def add_column(self, name, data, **_options):
        """Adds a column."""
        values = list(data)
        self.columns.append(name)
        if not self.data:
            self.data = [[] for _ in values]
        for row, value in zip(self.data, values):
            row.append(value)

    def get_column(self, name, **_options):
        """The values of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.data]

    def _dbx_media(self):
        rows = [[_cell(value) for value in row] for row in self.data]
        return json.dumps({"columns": plain(self.columns), "data": rows}).encode(), ".table.json"


def _cell(value):
    return "<%s>" % type(value).__name__ if isinstance(value, Media) else plain(value)


class Histogram:
    """How many values lie between edges: of values, or counted already."""

    def __init__(self, sequence=None, np_histogram=None, num_bins=64, **_options):
        if np_histogram is not None:
            self.histogram, self.bins = (list(part) for part in np_histogram)
            return
        if hasattr(sequence, "detach"):
            sequence = sequence.detach().cpu().numpy()
        if hasattr(sequence, "reshape"):
            sequence = sequence.reshape(-1).tolist()
        values = [float(value) for value in sequence or () if math.isfinite(value)]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        width = (high - low) / num_bins
        self.bins = [low + width * at for at in range(num_bins)] + [high]
        self.histogram = [0] * num_bins
        for value in values:
            self.histogram[min(num_bins - 1, int((value - low) / width))] += 1
