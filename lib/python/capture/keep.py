"""Files and images of a script as files of the run."""
import hashlib
import os
import re
import shutil

from dbx_capture import record

#: Folders are kept up to so many files.
MAX_FILES = 10000


def clean(name):
    """A path below the folder of the run's files, from any text."""
    parts = re.sub(r"[\x00-\x1f\x7f\\:]", "_", str(name)).split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")).lstrip(".") or "file"


def place(key, step, ending=""):
    """The name of what was logged under a key at a step."""
    return "media/%s%s%s" % (key, "" if step is None else "_%s" % step, ending)


def copy(path, name):
    """Copies a file into $DBX_FILES, from where dbx run keeps it; of a folder all files in it."""
    path = os.fspath(path)
    if os.path.isdir(path):
        count = 0
        for folder, _, names in os.walk(path):
            for one in sorted(names):
                count += 1
                if count > MAX_FILES:
                    raise ValueError("the folder has more than %d files; the rest is left out" % MAX_FILES)
                whole = os.path.join(folder, one)
                copy(whole, name + "/" + os.path.relpath(whole, path).replace(os.sep, "/"))
        return
    target = os.path.join(os.environ["DBX_FILES"], clean(name))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(path, target)


def _new_id():
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    number = int.from_bytes(os.urandom(16), "big")
    text = ""
    for _ in range(13):
        number, digit = divmod(number, 36)
        text += letters[digit]
    return text


def expfile(content, name):
    """Keeps small contents, or those of a path, as an object and a file of the run, and returns the value that refers to them."""
    if not isinstance(content, (bytes, bytearray, memoryview)):
        with open(content, "rb") as file:
            content = file.read()
    name = clean(name)
    sha256 = hashlib.sha256(content).hexdigest()
    # $DBX_FILES is <repository>/.dbx/files/<run>.
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.environ["DBX_FILES"])))
    folder = os.path.join(root, "objects", sha256[:2])
    _put(folder, sha256, content)
    value = {"_dbx": "expfile", "exp": os.environ["DBX_EXP"], "name": name, "sha256": sha256}
    record.file_event({"name": name, "size": len(content), "file": value})
    return value


def _put(folder, name, content):
    """The bytes are on the disk before the object has its name; one that is there already is as if it were new."""
    target = os.path.join(folder, name)
    try:
        os.utime(target)
        return
    except OSError:
        os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, ".tmp-" + _new_id())
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, target)
        except FileExistsError:
            pass
        except OSError:
            os.rename(temporary, target)
    finally:
        try:
            os.remove(temporary)
        except OSError:
            pass
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def picture(image, name):
    """An image of PIL, a figure of matplotlib or what a shim made, as a file of the run; None for anything else."""
    import io

    if hasattr(image, "_dbx_media"):
        content, ending = image._dbx_media()
        return expfile(content, name + ending)
    kind = type(image)
    if hasattr(image, "savefig"):
        save = lambda file: image.savefig(file, format="png")
    elif kind.__module__.split(".")[0] == "PIL" and hasattr(image, "save"):
        save = lambda file: image.save(file, format="PNG")
    else:
        return None
    file = io.BytesIO()
    save(file)
    return expfile(file.getvalue(), name + ".png")


def histogram(counts, edges):
    """Counts between edges, of which there is one more, as dbx keeps a histogram."""
    from dbx_capture.values import plain

    listed = [values.tolist() if hasattr(values, "tolist") else list(values) for values in (counts, edges)]
    return {"_dbx": "histogram", "counts": [plain(value) for value in listed[0]], "edges": [plain(value) for value in listed[1]]}
