"""Logs experiments into a dbx repository: one file, the standard library alone, Python 3.8 and later.

    import dbxlogger

    run = dbxlogger.init(params={"lr": 0.1})
    for epoch in range(3):
        with run.context("epoch", epoch):
            run.log({"loss": 1 / (epoch + 1)})
    run.file("model.txt", b"weights")

Inside ``dbx run`` this joins the run of that. Elsewhere it makes an experiment in the repository that ``repo=`` or
``DBX_REPO`` names, else in the nearest one upward, else in ``./output``. For the URL of a server, it writes to the
spool of dbx, which ``dbx spool push`` sends.

An event is with the operating system when ``log`` returns, so a process that is killed loses none. ``log`` never raises:
what cannot be kept is counted, and said once on stderr. ``strict=True`` raises instead.
"""

from __future__ import annotations

import atexit
import contextlib
import contextvars
import dataclasses
import datetime
import decimal
import enum
import errno
import fractions
import hashlib
import io
import json
import json.encoder
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import types
import weakref
from typing import (
    IO,
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NoReturn,
    Optional,
    Sequence,
    Set,
    Tuple,
    Type,
    TypeVar,
    Union,
    cast,
    overload,
)

_fcntl: Any
try:
    import fcntl as _fcntl
except ImportError:  # Windows
    _fcntl = None

__version__ = "0.1.0"
__all__ = [
    "DbxError",
    "Event",
    "Exp",
    "LogContext",
    "Logger",
    "Reader",
    "RefFile",
    "Repo",
    "Run",
    "StdoutLogger",
    "Table",
    "add_arguments_to",
    "current",
    "exp_from_args",
    "get_repo",
    "init",
    "now",
    "open",
    "stopwatch",
]

Json = Any
Item = TypeVar("Item")
Segment = Union[str, int]


class DbxError(Exception):
    """What cannot be done, and why."""


def now() -> datetime.datetime:
    """The time in UTC."""
    return datetime.datetime.now(datetime.timezone.utc)


def stopwatch() -> Callable[[], float]:
    """Starts a stopwatch: what it returns gives the seconds since then."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start


_warned: Set[str] = set()


def _warn(message: str) -> None:
    """Says something on stderr, once."""
    if message in _warned:
        return
    _warned.add(message)
    with contextlib.suppress(Exception):
        print(f"dbxlogger: {message}", file=sys.stderr, flush=True)


# --- Values ---------------------------------------------------------------------------------------------------------

_MAX_DEPTH = 500
_MAX_LINE = 256 * 1024 * 1024
_MAX_INTEGER = 2**53 - 1
_NAN: Dict[str, str] = {"_dbx": "nan"}
_INF: Dict[str, str] = {"_dbx": "inf"}
_MINUS_INF: Dict[str, str] = {"_dbx": "-inf"}


def _number(value: float) -> Json:
    if math.isfinite(value):
        return value
    return dict(_NAN if math.isnan(value) else _INF if value > 0 else _MINUS_INF)


def _time_text(value: datetime.datetime) -> Optional[str]:
    """ISO 8601 in UTC with milliseconds; a time without a zone is local. None for what is not a time (NaT)."""
    try:
        utc = value.astimezone(datetime.timezone.utc)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{utc.microsecond // 1000:03d}Z"
    except (ValueError, OverflowError, OSError, AttributeError):
        return None


def _object(value: object) -> Json:
    """What stands for an object that JSON does not know, which may hold others. TypeError where nothing does."""
    encode = getattr(value, "__dbx_encode__", None)
    if callable(encode):
        return encode()
    # Arrays and scalars of numpy, torch, jax, pandas; then those of tensorflow and others.
    for name in () if isinstance(value, type) else ("tolist", "numpy", "item"):
        convert = getattr(value, name, None)
        if callable(convert):
            converted = convert()
            if type(converted) is not type(value):
                return converted
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime.datetime):
        return _time_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, range, bytes, bytearray)):
        return list(value)
    if isinstance(value, (decimal.Decimal, fractions.Fraction)):
        return float(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, BaseException):
        return {"name": type(value).__name__, "message": str(value)}
    if type(value).__name__ == "Namespace":
        return dict(vars(value))
    if isinstance(value, Sequence):
        return list(value)
    for kind in (int, float):
        if hasattr(value, f"__{'index' if kind is int else 'float'}__"):
            return kind(cast(Any, value))
    raise TypeError(f"a {type(value).__name__}, which JSON cannot hold")


def _key(key: object) -> str:
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, enum.Enum):
        return _key(key.value)
    if isinstance(key, float) and key.is_integer() and abs(key) <= _MAX_INTEGER:
        return str(int(key))
    return str(key)


def _plain(value: object, strict: bool, depth: int, above: Set[int]) -> Json:
    """A value of nothing but plain JSON. One frame per level, so that the deepest that the format allows passes."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= _MAX_INTEGER else str(int(value))
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        if depth >= _MAX_DEPTH:
            raise ValueError(f"it is nested deeper than {_MAX_DEPTH}")
        return _number(value)
    if depth >= _MAX_DEPTH:
        raise ValueError(f"it is nested deeper than {_MAX_DEPTH}")
    if id(value) in above:
        raise ValueError("it is a part of itself (a cycle)")
    above.add(id(value))
    try:
        if isinstance(value, dict):
            result: Dict[str, Json] = {}
            for key, item in value.items():
                result[_key(key)] = _plain(item, strict, depth + 1, above)
            return result
        if isinstance(value, (list, tuple)):
            items: List[Json] = []
            for item in value:
                items.append(_plain(item, strict, depth + 1, above))
            return items
        try:
            other = _object(value)
        except Exception as error:
            if strict:
                raise ValueError(f"it is {error}") from error
            _warn(f"cannot log {error}; its text is logged")
            return str(value)
        return _plain(other, strict, depth, above)
    finally:
        above.discard(id(value))


def _default(value: object) -> Json:
    """What the encoder asks for objects that it does not know. Where that does not do, all is converted with care."""
    try:
        return _object(value)
    except Exception as error:
        raise TypeError from error


def _encoder(default: Callable[[object], Json]) -> Callable[[object], str]:
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    text: Any = getattr(json.encoder, "c_encode_basestring", None) or json.encoder.encode_basestring
    if make is not None:
        with contextlib.suppress(TypeError):  # A Python whose encoder is made in another way.
            chunks = make(None, default, text, None, ":", ",", False, False, False)
            join = "".join
            if join(chunks({"a": [1, 0.5, "b"]}, 0)) == '{"a":[1,0.5,"b"]}':
                return lambda value: join(chunks(value, 0))
    return json.JSONEncoder(
        default=default, ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
    ).encode


_fast = _encoder(_default)

# An integer that not every reader keeps, or a text that looks like one.
_long_digits = re.compile(r"[:,\[]-?\d{16}").search
_half_pairs = re.compile("[\ud800-\udfff]")


def _text(value: object, strict: bool = False, depth: int = 1) -> str:
    """A value as JSON. `depth`: that of the value itself. ValueError for what the format does not hold."""
    try:
        text = _fast(value)
        if len(text) < 2 * (_MAX_DEPTH - depth) and _long_digits(text) is None:
            return text
        if _long_digits(text) is None and text.count("[") + text.count("{") < _MAX_DEPTH - depth:
            return text
    except (TypeError, ValueError, RecursionError, OverflowError):
        pass  # NaN, or a key, or something that is too deep: with care.
    try:
        return _fast(_plain(value, strict, depth - 1, set()))
    except RecursionError:
        raise ValueError(f"it is nested deeper than {_MAX_DEPTH}") from None


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _half_pairs.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode()


def _own_key(data: Dict[str, Any], key: str) -> str:
    name = "_" + key
    while name in data:
        name = "_" + name
    return name


def _data_of(data: object) -> Dict[str, Any]:
    """The data of an event as the keys of a line. It must not be changed."""
    if isinstance(data, dict):
        pass
    elif data is None:
        return {}
    elif isinstance(data, (bool, int, float, str, list, tuple)):
        return {"value": data}
    else:
        try:
            data = _object(data)
        except Exception:
            return {"value": data}
        if not isinstance(data, dict):
            return {"value": data}
    if isinstance(data.get("_dbx"), str):
        return {"value": data}
    if "event" in data or "ts" in data:
        return {(_own_key(data, key) if key in ("event", "ts") else key): item for key, item in data.items()}
    return data


_control = re.compile("[\x00-\x1f\x7f-\x9f]").search


def _event_head(name: str) -> str:
    """How the line of an event of this name begins."""
    if not name:
        raise ValueError("an event needs a name, and this one is empty")
    if _control(name) is not None:
        raise ValueError(f"its name holds a control character")
    if len(name) > 512 and len(name.encode("utf-16-le", "surrogatepass")) > 2048:
        raise ValueError("its name has more than 1024 characters")
    return '{"event":' + json.dumps(name, ensure_ascii=False) + ',"ts":'


# --- Ids, names, secrets --------------------------------------------------------------------------------------------

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _new_id() -> str:
    text = ""
    while len(text) < 13:
        # 252 is the largest multiple of 36 in a byte.
        text += "".join(_DIGITS[byte % 36] for byte in os.urandom(16) if byte < 252)
    return text[:13]


_is_id = re.compile(r"[0-9a-z]{13}\Z").match
_is_log_name = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}\Z").match


def _check_name(name: str) -> None:
    """Refuses a name that an experiment cannot have."""

    def refuse(why: str) -> None:
        raise ValueError(f"cannot name an experiment {name!r}: {why}")

    if name == "":
        return
    if _control(name) is not None:
        refuse("it holds a control character")
    if _half_pairs.search(name) is not None:
        refuse("it is not valid Unicode")
    if "\\" in name:
        refuse('it holds a backslash; separate folders with "/"')
    segments = name.split("/")
    if len(name.encode()) > 800 or len(segments) > 32:
        refuse("it has more than 800 bytes or 32 parts")
    for segment in segments:
        if segment == "" or segment.startswith(".") or segment.endswith((".", " ")):
            refuse("a part of it is empty, begins with a dot, or ends with a dot or a space")
        if segment in ("runs", "notes", "objects", "purged"):
            refuse(f'"{segment}" is a name that repositories use themselves')
        if _is_id(segment) is not None:
            refuse(f'"{segment}" has the shape of an id; add a character')
        if re.match("[a-zA-Z]:", segment) is not None:
            refuse(f'"{segment}" looks like a drive')
        if len(segment.encode()) > 200:
            refuse("a part of it has more than 200 bytes")


# Variables that describe the machine, the job and the libraries.
_USEFUL_NAMES = (
    "HOSTNAME USER PATH LANG LC_* TZ SHELL VIRTUAL_ENV CONDA_* MAMBA_* UV_PYTHON PYTHON* PYENV_VERSION LD_LIBRARY_PATH "
    "LD_PRELOAD CUDA_* CUDNN_* CUBLAS_* NVIDIA_* NCCL_* NVTE_* ROCM_* ROCR_* HIP_* HSA_* MIOPEN_* RCCL_* TPU_* XLA_* "
    "XRT_* JAX_* NEURON_* HABANA_* GPU_* OMP_* MKL_* OPENBLAS_* BLIS_* KMP_* GOMP_* VECLIB_* NUMEXPR_* NUMBA_* DNNL_* "
    "ONEDNN_* MALLOC_* TBB_* TORCH* PYTORCH_* TRITON_* TF_* KERAS_* FLAX_* LIGHTNING_* PL_* ACCELERATE_* DEEPSPEED_* "
    "FSDP_* VLLM_* TRANSFORMERS_* TOKENIZERS_* HF_HOME HF_HUB_* HF_DATASETS_* BITSANDBYTES_* RAY_* DASK_* GLOO_* UCX_* "
    "UCC_* FI_* IBV_* OMPI_* OPAL_* MPI_* MPICH_* I_MPI_* PMI_* PMIX_* MASTER_ADDR MASTER_PORT WORLD_SIZE RANK LOCAL_RANK "
    "NODE_RANK GROUP_RANK ROLE_RANK LOCAL_WORLD_SIZE SLURM_* SLURMD_* SBATCH_* PBS_* LSB_* LSF_* SGE_* JOB_ID JOB_NAME "
    "COBALT_* FLUX_* CONDOR_* OAR_* TMPDIR JULIA_* R_LIBS* R_HOME WANDB_PROJECT WANDB_ENTITY WANDB_MODE WANDB_RUN_ID "
    "WANDB_NAME MLFLOW_TRACKING_URI MLFLOW_EXPERIMENT_* DBX_EXP DBX_RUN DBX_REPO DBX_RESUME CI GITHUB_SHA GITHUB_REF "
    "GITHUB_RUN_ID GITHUB_REPOSITORY GITHUB_WORKFLOW CI_JOB_ID CI_PIPELINE_ID CI_COMMIT_SHA"
).split(" ")

_SECRET_NAME = re.compile(
    r"(^|[_.\W])(passw(or)?d|passwd|passphrase|passcode|pass|pwd|pin|otp|secrets?|creds?|credentials?|tokens?|api_?keys?|"
    r"(access|secret|private|auth|encryption|signing|account|shared|master|service|ssh|app|storage|deploy|license|client)"
    r"[_.-]?keys?|authorization|webhook(_url)?|dsn|cookies?|bearer|sas|(db|pg|my|smtp|root)?pass(word)?|"
    r"connection_?string|conn_?str)\d*$",
    re.IGNORECASE,
)
# Names that only sound like those of secrets.
_HARMLESS_NAME = re.compile(
    r"(pad|eos|bos|mask|unk|sep|cls|special|image|video|audio|max|min|num|n|total|new|per|stop|start|end|next|prev|prompt|"
    r"completion|input|output|extra|additional|patch|register|class|time|first|last|decoder|encoder|forced|begin|suppress|"
    r"think|user|system|context|vocab|sub|word|text|of|avg|tokens)[_-]tokens?$"
    r"|(forward|backward|first|second|low|high|band|all|by|n|num|per)_pass$"
)
# Texts that say that there is no secret, or where one is.
_PLACEHOLDER = re.compile(
    r"(?:none|null|nil|nan|true|false|yes|no|on|off|undefined|unset|empty|default|auto|any|required|optional|hidden|masked|"
    r"redacted|prompt|env|environment|stdin|file|keyring|vault|\$\{?\w[\w:.?-]*\}?|%\w+%|<[^<>]*>|\{\{.*\}\}|\*+|\.{2,}.*|"
    r"\[[^\]]*\])\Z",
    re.IGNORECASE | re.DOTALL,
)
_SECRET_TEXT = re.compile(
    r"\b(?:sk-(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_[A-Za-z0-9]{20,}|"
    r"xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|"
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+)"
    r"|(?<=://)[^/\s@]*:[^/\s@]+(?=@)"
    r"|(?<=[?&])(?:access_?token|token|api_?key|key|sig|signature|secret|password|auth)=[^&\s]{6,}",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?P<before>(?:-D|-{0,2}|\+{0,2})(?P<name>[A-Za-z_][\w.\-/@:]*)=)(?P<value>.+)\Z", re.DOTALL)


def _is_secret_name(name: str) -> bool:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_")
    return _SECRET_NAME.search(words) is not None and _HARMLESS_NAME.search(words) is None


class _Redactor:
    """Puts `[redacted:<rule>]` in the place of what looks like a secret, by its name or its shape, and counts."""

    def __init__(self) -> None:
        self.counts: Dict[str, int] = {}

    def _mark(self, rule: str) -> str:
        self.counts[rule] = self.counts.get(rule, 0) + 1
        return f"[redacted:{rule}]"

    def text(self, text: str) -> str:
        return _SECRET_TEXT.sub(lambda _: self._mark("secret"), text)

    def value(self, name: str, value: str) -> str:
        is_number = re.match(r"[+-]?[\d.]+(e[+-]?\d+)?\Z", value, re.IGNORECASE) is not None
        is_path = re.match(r"(~|\.{1,2})?/\S*\Z|[\w.-]+(/[\w.-]+)*\.[a-z]{2,6}\Z", value) is not None
        if value and _is_secret_name(name) and not is_number and not is_path and _PLACEHOLDER.match(value) is None:
            return self._mark("name")
        return self.text(value)

    def words(self, words: Sequence[str]) -> List[str]:
        result: List[str] = []
        before = ""
        for word in words:
            option = re.match(r"--?([A-Za-z_][\w.-]*)\Z", before)
            pair = _PAIR.match(word)
            if option is not None and not word.startswith("--"):
                result.append(self.value(option.group(1), word))
            elif pair is not None:
                name = re.split("[/@:]", pair.group("name"))[-1]
                result.append(pair.group("before") + self.value(name, pair.group("value")))
            else:
                result.append(self.text(word))
            before = word
        return result

    def params(self, params: Any) -> Any:
        """Params as plain JSON. Those that are no texts cannot be secrets."""
        try:
            return self._param(_plain(params, False, 1, set()), "")
        except ValueError:
            return params  # Nobody can write these: whoever tries says why.
        except RecursionError:
            _warn("cannot keep params that are nested so deep")
            return {}

    def _param(self, value: Json, name: str) -> Json:
        if isinstance(value, str):
            return self.value(name, value)
        if isinstance(value, list):
            items: List[Json] = []
            for item in value:
                items.append(self._param(item, name))
            return items
        if not isinstance(value, dict) or isinstance(value.get("_dbx"), str):
            return value
        is_group = _is_secret_name(name)
        result: Dict[str, Json] = {}
        for key, item in value.items():
            result[key] = self._param(item, name if is_group and not _is_secret_name(key) else key)
        return result

    def environment(self, env: Mapping[str, str]) -> Dict[str, str]:
        patterns = [re.compile(re.escape(name).replace(r"\*", ".*") + r"\Z").match for name in _USEFUL_NAMES]
        kept: Dict[str, str] = {}
        for name, value in env.items():
            if not any(fits(name) for fits in patterns):
                continue
            redacted = self.value(name, value)
            is_blob = re.match(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_-]{32,}={0,2}\Z", value) is not None
            kept[name] = self._mark("random") if redacted == value and is_blob and "/" not in value else redacted
        return kept


# --- What git says --------------------------------------------------------------------------------------------------

# Whatever a repository's configuration says, git starts no other program.
_GIT_SETTINGS = (
    "core.fsmonitor=false core.hooksPath=/dev/null core.pager=cat core.sshCommand=false core.gitProxy= core.askPass= "
    "core.editor=false core.alternateRefsCommand= diff.external= credential.helper= protocol.allow=never "
    "submodule.recurse=false safe.bareRepository=explicit"
).split(" ")
_GIT_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_SSH_COMMAND": "false",
    "GIT_ASKPASS": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}


def _describe_git(cwd: str, redactor: _Redactor) -> Optional[Dict[str, Any]]:
    """What git says of a folder, without the uncommitted changes themselves; None where it says nothing."""
    more: List[str] = []

    def git(*args: str) -> Optional[str]:
        words = [word for setting in (*_GIT_SETTINGS, *more) for word in ("-c", setting)]
        try:
            done = subprocess.run(
                ["git", "--no-pager", *words, *args],
                cwd=cwd,
                env={**os.environ, **_GIT_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode("utf-8", "replace").rstrip("\n") if done.returncode == 0 else None

    top, commit = git("rev-parse", "--show-toplevel"), git("rev-parse", "--verify", "-q", "HEAD")
    if top is None and commit is None:
        return None
    names = (git("config", "--list", "--name-only", "-z") or "").split("\0")
    filters = {name[len("filter."):].rpartition(".")[0] for name in names if name.lower().startswith("filter.")}
    for name in filters:
        more += [f"filter.{name}.{key}=" for key in ("clean", "smudge", "process")] + [f"filter.{name}.required=false"]
    facts: Dict[str, Any] = {"commit": commit or ""}
    # An archive may name another tree as its own: what stands there is not asked.
    folder = git("rev-parse", "--absolute-git-dir")
    is_own = top is not None and folder is not None and (
        folder == f"{top}/.git"
        or (
            git("-C", top, "rev-parse", "--absolute-git-dir") == folder
            and (
                git("config", "--get", "core.worktree") is not None
                or f"worktree {top}" in (git("worktree", "list", "--porcelain") or "").split("\n")
            )
        )
    )
    status = git("status", "--porcelain", "--ignore-submodules=dirty") if is_own else None
    if status is not None:
        facts["dirty"] = status != ""
    branch = git("symbolic-ref", "--short", "-q", "HEAD")
    if branch:
        facts["branch"] = redactor.text(branch)
    remote = git("config", "--get", "remote.origin.url")
    if remote:
        facts["remote"] = redactor.text(re.sub(r"(?i)^(https?://)[^/?#]*@", r"\1", remote))
    if is_own:
        facts["prefix"] = redactor.text((git("rev-parse", "--show-prefix") or "").rstrip("/"))
    if status:
        facts["changes"] = [redactor.text(line) for line in status.split("\n")[:1000]]
    return facts


# --- Files of a repository ------------------------------------------------------------------------------------------


def _open_flags() -> int:
    return getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def _sync_folder(path: str) -> None:
    if os.name == "nt":
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno != errno.EINVAL:  # A file system on which folders cannot be flushed.
            raise
    finally:
        os.close(fd)


class _Root:
    """A repository's folder. Nothing below it is reached through a symbolic link."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._shared: Optional[Tuple[int, int]] = None
        self._knows_shared = False

    def shared(self) -> Optional[Tuple[int, int]]:
        """The bits that the files and the folders of a shared repository have."""
        if not self._knows_shared:
            self._knows_shared = True
            with contextlib.suppress(OSError, ValueError):
                with io.open(f"{self.path}/.dbx/shared", encoding="utf-8") as file:
                    self._shared = {"group": (0o660, 0o2770), "all": (0o664, 0o2775)}.get(file.read().strip())
        return self._shared

    def make_folder(self, name: str) -> str:
        """Makes a folder, and those above it; each is on the disk afterwards."""
        path = self.path
        shared = self.shared()
        for segment in name.split("/"):
            above, path = path, f"{path}/{segment}"
            try:
                os.mkdir(path)
            except FileExistsError:
                if os.path.islink(path):
                    raise DbxError(f'cannot write to "{path}": it is a symbolic link') from None
                continue
            if shared is not None:
                os.chmod(path, os.stat(path).st_mode & 0o7777 | shared[1])
            _sync_folder(above)
        return path

    def share(self, fd: int) -> None:
        shared = self.shared()
        if shared is not None and hasattr(os, "fchmod"):
            with contextlib.suppress(OSError):
                os.fchmod(fd, os.fstat(fd).st_mode & 0o7777 | shared[0])

    def create(self, name: str, data: bytes, mode: int = 0o666) -> None:
        """Makes a file that never changes. FileExistsError where the name is taken."""
        folder = name.rpartition("/")[0]
        path = self.make_folder(folder) if folder else self.path
        temporary = f"{path}/.tmp-{_new_id()}"
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _open_flags(), mode)
        try:
            try:
                _write_all(fd, data)
                self.share(fd)
                os.fsync(fd)
            finally:
                os.close(fd)
            self.place(temporary, f"{self.path}/{name}")
        finally:
            with contextlib.suppress(OSError):
                os.unlink(temporary)

    def place(self, temporary: str, path: str) -> None:
        """Gives a file its name, if that is free."""
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # A file system without hard links.
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, "exists", path) from None
            os.rename(temporary, path)
        _sync_folder(os.path.dirname(path))

    def put_object(self, temporary: str) -> Tuple[str, int]:
        """Keeps a file of the folder `objects` under its hash, and removes it there. Returns hash and size."""
        try:
            sha256, size = _hash_file(temporary)
            path = f"{self.make_folder(f'objects/{sha256[:2]}')}/{sha256}"
            with contextlib.suppress(FileNotFoundError):
                if os.stat(path, follow_symlinks=False).st_size == size:
                    # A collector sees that somebody needs it.
                    os.utime(path)
                    return sha256, size
            fd = os.open(temporary, os.O_RDWR | _open_flags())
            try:
                self.share(fd)
                os.fsync(fd)
            finally:
                os.close(fd)
            with contextlib.suppress(FileExistsError):
                self.place(temporary, path)
            return sha256, size
        finally:
            with contextlib.suppress(OSError):
                os.unlink(temporary)

    def temporary(self, suffix: str = "") -> str:
        """A path for something that becomes an object."""
        return f"{self.make_folder('objects')}/.tmp-{_new_id()}{suffix}"


def _hash_file(path: str) -> Tuple[str, int]:
    sha256 = hashlib.sha256()
    size = 0
    with io.open(path, "rb", buffering=0) as file:
        while True:
            piece = file.read(1024 * 1024)
            if not piece:
                return sha256.hexdigest(), size
            sha256.update(piece)
            size += len(piece)


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    plain = _plain(dict(value), False, 0, set())
    return _bytes(json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _init_repository(path: str) -> _Root:
    """Opens a repository to write, and makes it where there is none."""
    root = _Root(path)
    marker = f"{path}/dbx.json"
    if not os.path.exists(marker):
        if os.path.exists(path) and not os.path.isdir(path):
            raise DbxError(f'cannot make a repository in "{path}": it is a file')
        os.makedirs(path, exist_ok=True)
        names = [name for name in os.listdir(path) if name != ".dbx"]
        if any(_holds_v0(f"{path}/{name}", name) for name in names):
            raise DbxError(f'cannot write to "{path}": it is in format v0; dbx init converts it to format v1')
        with contextlib.suppress(FileExistsError):
            if not names:
                root.create(".gitignore", b"*\n")
        with contextlib.suppress(FileExistsError):
            marks = {"dbx": 1, "id": _new_id(), "createdAt": _time_text(now())}
            root.create("dbx.json", _bytes(_text(marks) + "\n"))
    with io.open(marker, encoding="utf-8-sig", errors="replace") as file:
        text = file.read()
    if _is_marker(text):
        if not os.path.lexists(f"{path}/.dbx/marker.json"):
            with contextlib.suppress(OSError, DbxError):
                root.create(".dbx/marker.json", _bytes(text))
        return root
    # A damaged one locks nothing as long as its version can be told.
    versions = re.findall(r'"dbx"[ \t\r\n]*:[ \t\r\n]*(\d+(?:\.\d+)?)([ \t\r\n]*[,}])?', text)
    is_known = len(versions) == 1 and float(versions[0][0]) == 1 and versions[0][1] != ""
    if not versions:
        with contextlib.suppress(OSError):
            with io.open(f"{path}/.dbx/marker.json", encoding="utf-8-sig", errors="replace") as file:
                is_known = _is_marker(file.read())
    if not is_known:
        raise DbxError(f'cannot write to "{path}": its dbx.json is not that of format 1; a newer dbxlogger may know it')
    _warn(f'"{path}/dbx.json" is damaged; dbx check --repair-marker mends it')
    return root


def _is_marker(text: str) -> bool:
    """Whether a text is a whole marker of version 1."""
    try:
        marks = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(marks, dict):
        return False
    version, own = marks.get("dbx"), marks.get("id")
    is_first = not isinstance(version, bool) and version == 1
    return is_first and isinstance(own, str) and _is_id(own) is not None and marks.get("createdAt") is not None


def _holds_v0(path: str, name: str) -> bool:
    """Whether a folder is an experiment of the original package, or holds some."""
    is_id = re.match(r"[_0-9a-zA-Z]{13}\Z", name) is not None
    if is_id and os.path.exists(f"{path}/meta.json"):
        return not os.path.isdir(f"{path}/runs")
    if name.startswith(".") or os.path.islink(path) or not os.path.isdir(path):
        return False
    with contextlib.suppress(OSError):
        for entry in os.scandir(path):
            if re.match(r"[_0-9a-zA-Z]{13}\Z", entry.name) and os.path.exists(f"{entry.path}/meta.json"):
                return not os.path.isdir(f"{entry.path}/runs")
    return False


def _normal_url(url: str) -> str:
    """A server's URL as dbx keeps it."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("cannot use a URL with a password in it: store the token with dbx login instead")
    if not parts.hostname:
        raise ValueError(f'cannot use "{url}": it is not the URL of a server')
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    is_usual = port is None or port == {"http": 80, "https": 443}[parts.scheme.lower()]
    return f"{parts.scheme.lower()}://{host}{'' if is_usual else f':{port}'}{parts.path}".rstrip("/")


def _spool_folder() -> str:
    for name, below in (("DBX_SPOOL", ""), ("XDG_STATE_HOME", "/dbx/spool"), ("HOME", "/.local/state/dbx/spool")):
        value = os.environ.get(name, "")
        if os.path.isabs(value):
            return value.rstrip("/") + below
    raise DbxError("cannot log to a server: there is no folder for the spool; set DBX_SPOOL")


class Repo:
    """Where experiments are written: a folder, or the URL of a server, for which they go into the spool."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        text = os.fspath(path)
        self.url: Optional[str] = _normal_url(text) if re.match("https?://", text, re.IGNORECASE) else None
        self.path: str = self.url or os.path.abspath(text)
        self._named = True

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"Repo({self.path!r})"

    def _open(self) -> _Root:
        return _init_repository(self.path if self.url is None else f"{_spool_folder()}/{_new_id()}")


def _default_repo() -> Repo:
    named = os.environ.get("DBX_REPO")
    if named:
        return Repo(named)
    folder = os.getcwd()
    while True:
        if os.path.isfile(f"{folder}/dbx.json"):
            return _found(folder)
        above = os.path.dirname(folder)
        if above == folder:
            return _found("output")
        folder = above


def _found(folder: str) -> Repo:
    """A repository that nobody named: not one of another user, who may have put it there on purpose."""
    if hasattr(os, "getuid"):
        for path in (folder, f"{folder}/dbx.json"):
            if os.path.lexists(path) and os.lstat(path).st_uid not in (os.getuid(), 0):
                raise DbxError(
                    f'cannot use the repository "{os.path.abspath(folder)}", which was found here: it belongs to another user; '
                    "name it with repo= or DBX_REPO"
                )
    return Repo(folder)


def get_repo(args: Any = None) -> Repo:
    """The repository of a path or URL, or of the `--repo` of parsed arguments; else `DBX_REPO`, else the nearest one
    upward, else `./output`."""
    named = args if args is None or isinstance(args, (str, os.PathLike, Repo)) else getattr(args, "repo", None)
    if isinstance(named, Repo):
        return named
    if named is not None and os.fspath(named) != "":
        return Repo(named)
    repo = _default_repo()
    repo._named = False
    return repo


# --- Logs -----------------------------------------------------------------------------------------------------------

_RETRY_SECONDS = 1.0
_LARGEST_BACKLOG = 1024 * 1024
_live_logs: "weakref.WeakSet[_Log]" = weakref.WeakSet()


def _rank() -> Optional[int]:
    """The rank of this process in a job of several; None where there is none."""
    names = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"]
    if os.environ.get("SLURM_NTASKS", "1") != "1":
        names.append("SLURM_PROCID")
    for name in (*names, "LOCAL_RANK"):
        value = os.environ.get(name, "")
        if value.isdigit():
            return int(value)
    return None


def _is_at(fd: int, path: str) -> bool:
    """Whether an open file is the one at a path."""
    try:
        there, own = os.stat(path, follow_symlinks=False), os.fstat(fd)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # Not to be known now.
    return (there.st_ino, there.st_dev) == (own.st_ino, own.st_dev)


def _made_again(fd: int, path: str) -> Tuple[int, bool]:
    """A file at a path with what an open one holds that is no longer there, open to go on, and whether it has all of that: what
    others put at the path stays. The old one is closed, unless that fails."""
    new = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _open_flags(), 0o666)
    is_whole = True
    try:
        with io.open(os.dup(fd), "rb", buffering=0) as old, io.open(os.dup(new), "rb", buffering=0) as there:
            old.seek(0)
            there.seek(0)
            left = os.fstat(new).st_size
            while left > 0 and is_whole:
                piece = there.read(min(left, 1024 * 1024)) or b""
                is_whole = piece != b"" and old.read(len(piece)) == piece
                left -= len(piece)
            while is_whole:
                piece = old.read(1024 * 1024) or b""
                if not piece:
                    break
                _write_all(new, piece)
    except BaseException:
        os.close(new)
        raise
    os.close(fd)
    return new, is_whole


class _Log:
    """Appends events to a log of which this process is the only writer: each event is one write."""

    def __init__(self, name: str, core: Optional["_Core"] = None) -> None:
        self.core = core
        self.folder = "" if core is None else core.folder
        self.name = name
        self.strict = core is not None and core.strict
        # What it was asked for as, by which another process finds its own.
        self.asked = name
        self.file: Optional[str] = None
        self.events = 0
        self.lost = 0
        self.reasons: List[str] = []
        self._fd: Optional[int] = None
        self._lock = threading.RLock()
        self._heads: Dict[str, str] = {}
        self._waiting: List[bytes] = []
        self._waiting_size = 0
        self._retry_at = 0.0
        self._closed = False
        _live_logs.add(self)

    def log(self, event: str, data: object = None, step: object = None) -> None:
        """Appends an event. Raises nothing unless it is strict."""
        try:
            raw = self._line(event, data, step)
        except Exception as error:  # Also what objects raise that are asked for what they hold.
            self._lose(1, f"cannot log {json.dumps(str(event))}: {error}")
            return
        with self._lock:
            fd = self._fd
            if fd is None or self._waiting:
                self._write_slowly(raw)
                return
            try:
                written = os.write(fd, raw)
            except OSError as error:
                self._keep(raw, error)
                return
            if written == len(raw):
                self.events += 1
                return
            self._finish_line(fd, raw, written)

    def _line(self, event: str, data: object, step: object) -> bytes:
        head = self._heads.get(event)
        if head is None:
            head = _event_head(event)
            if len(self._heads) > 1000:
                self._heads.clear()
            self._heads[event] = head
        if type(data) is not dict or "event" in data or "ts" in data or "_dbx" in data:
            data = _data_of(data)
        text = _text(data, self.strict) if data else "{}"
        head += str(time.time_ns() // 1_000_000)
        if step is not None:
            if "step" in cast(Dict[str, Any], data):
                data = {key: item for key, item in cast(Dict[str, Any], data).items() if key != "step"}
                text = _text(data, self.strict)
            head += ',"step":' + (str(step) if type(step) is int and -_MAX_INTEGER <= step <= _MAX_INTEGER else _text(step))
        raw = _bytes(head + "}\n" if text == "{}" else head + "," + text[1:] + "\n")
        if len(raw) > _MAX_LINE:
            raise ValueError("it is longer than 256 MiB; store such data as a file")
        return raw

    def _write_slowly(self, raw: bytes) -> None:
        if self._closed:
            self._lose(1, "the run has finished")
            return
        if self._waiting and time.monotonic() < self._retry_at:
            self._keep(raw, None)
            return
        try:
            if self._fd is None:
                self._open()
            self._waiting.append(raw)
            self._waiting_size += len(raw)
            while self._waiting:
                self._append(cast(int, self._fd), self._waiting[0])
                self._waiting_size -= len(self._waiting.pop(0))
                self.events += 1
        except OSError as error:
            if self._waiting and self._waiting[-1] is raw:
                self._waiting.pop()
                self._waiting_size -= len(raw)
            self._keep(raw, error)

    def _append(self, fd: int, raw: bytes) -> None:
        """One line: all of it, or nothing."""
        written = os.write(fd, raw)
        if written < len(raw):
            start = os.fstat(fd).st_size - written
            try:
                _write_all(fd, raw[written:])
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(fd, start)
                raise

    def _finish_line(self, fd: int, raw: bytes, written: int) -> None:
        start = os.fstat(fd).st_size - written
        try:
            _write_all(fd, raw[written:])
            self.events += 1
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(fd, start)
            self._keep(raw, error)

    def _keep(self, raw: bytes, error: Optional[OSError]) -> None:
        """Keeps a line in memory for a disk that fails."""
        if error is not None:
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            reason = f'cannot write "{self.file or self.name}" in "{self.folder}": {error.strerror or error}'
            if self.strict:
                self._lose(1, reason)
                return
            if reason not in self.reasons:
                self.reasons.append(reason)
            _warn(f"{reason}; the training goes on")
        if self._waiting_size + len(raw) > _LARGEST_BACKLOG:
            self._lose(1, self.reasons[-1] if self.reasons else "the disk fails")
            return
        self._waiting.append(raw)
        self._waiting_size += len(raw)

    def _open(self) -> None:
        """Opens the first file of this name that no other process writes, and cuts off what a killed one left torn."""
        number = 1
        while True:
            name = self.name if number == 1 else f"{self.name}-{number}"
            file = "log.jsonl" if name == "log" else f"{name}.log.jsonl"
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | _open_flags()
            fd = os.open(f"{self.folder}/{file}", flags, 0o666)
            try:
                if _fcntl is not None:
                    _fcntl.flock(fd, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
                elif not _is_main_process() and number == 1:
                    raise OSError(errno.ENOLCK, "no locks")
            except OSError as error:
                os.close(fd)
                if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
                    number += 1
                    continue
                # A file system without locks: a name that nobody else has.
                host = re.sub(r"[^a-zA-Z0-9_.-]", "", socket.gethostname())[:40]
                file = f"{self.name}-{host}-{os.getpid()}-{_new_id()[:4]}.log.jsonl"
                fd = os.open(f"{self.folder}/{file}", flags, 0o666)
            break
        if self.core is not None:
            self.core.root.share(fd)
        self._cut_torn_tail(fd)
        self.file = file
        self._fd = fd

    @staticmethod
    def _cut_torn_tail(fd: int) -> None:
        size = end = os.fstat(fd).st_size
        while end > 0:
            start = max(0, end - 65536)
            os.lseek(fd, start, os.SEEK_SET)
            at = os.read(fd, end - start).rfind(b"\n")
            if at >= 0:
                end = start + at + 1
                break
            end = start
        if end < size:
            # What looks torn may be the middle of what another program appends to the same file.
            time.sleep(0.1)
            if os.fstat(fd).st_size == size:
                os.ftruncate(fd, end)

    def _lose(self, count: int, reason: str) -> None:
        self.lost += count
        if reason not in self.reasons and len(self.reasons) < 20:
            self.reasons.append(reason)
        if self.strict:
            raise DbxError(reason)
        _warn(f"{reason}; the training goes on")

    def look(self) -> Optional[str]:
        """Makes the file again if somebody removed it. Returns its name then."""
        with self._lock:
            path = f"{self.folder}/{self.file}"
            if self._fd is None or self.core is None or _is_at(self._fd, path):
                return None
            events = self.events
            self.core.make_again()
            self._fd, is_whole = _made_again(self._fd, path)
            self.core.root.share(self._fd)
            if _fcntl is not None:
                with contextlib.suppress(OSError):
                    _fcntl.flock(self._fd, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
            if not is_whole:
                self.events = 0
                self._lose(events, f'"{path}" was replaced while it was written')
            return self.file

    def flush(self) -> None:
        """Tries once more to write what a disk did not take."""
        with self._lock:
            if self._waiting:
                self._retry_at = 0.0
                raw = self._waiting.pop()
                self._waiting_size -= len(raw)
                self._write_slowly(raw)

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            with contextlib.suppress(DbxError):
                self.flush()
            left = len(self._waiting)
            self._waiting.clear()
            self._closed = True
            if self._fd is not None:
                with contextlib.suppress(OSError):
                    os.close(self._fd)
                self._fd = None
            if left > 0:
                with contextlib.suppress(DbxError):
                    self._lose(left, self.reasons[-1] if self.reasons else "the disk fails")

    def __reduce__(self) -> Tuple[Any, ...]:
        return _attach_log, (self.core, self.asked)

    def after_fork(self) -> None:
        """In a child: its events go to a log of its own. Closing a copy leaves the lock of the parent as it is."""
        self._lock = threading.RLock()
        self._waiting = []
        self._waiting_size = 0
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None


class _Stream:
    """Writes events as lines to a stream."""

    def __init__(self, stream: Optional[IO[str]] = None) -> None:
        self._stream = stream
        self._log = _Log("log")

    def log(self, event: str, data: object = None, step: object = None) -> None:
        try:
            line = self._log._line(event, data, step).decode()
            stream = self._stream or sys.stdout
            stream.write(line)
            stream.flush()
        except Exception as error:
            _warn(f'cannot log "{event}": {error}')

    def close(self) -> None:
        with contextlib.suppress(Exception):
            (self._stream or sys.stdout).flush()


class _Nowhere:
    """Takes the events of a run that could not be made."""

    lost = 0
    reasons: List[str] = []

    def log(self, event: str, data: object = None, step: object = None) -> None:
        """Does nothing: it was said why."""

    def close(self) -> None:
        """Does nothing."""


_Writer = Union[_Log, _Stream, _Nowhere]


# --- Contexts and loggers -------------------------------------------------------------------------------------------


def _segments(path: Union[Segment, Iterable[Segment]]) -> List[str]:
    if isinstance(path, str):
        return path.split("/") if path else []
    if isinstance(path, int):
        return [str(path)]
    return [part for item in path for part in _segments(item)]


class LogContext:
    """The path below which a logger logs."""

    def __init__(self, path: Union[None, Segment, Iterable[Segment]] = None) -> None:
        self._path: List[str] = [] if path is None else _segments(path)
        self._joined = "/".join(self._path)

    @property
    def path(self) -> List[str]:
        return self._path

    @path.setter
    def path(self, value: Union[Segment, Iterable[Segment]]) -> None:
        self._path = _segments(value)
        self._joined = "/".join(self._path)

    def sub(self, *path: Union[Segment, Iterable[Segment]]) -> "LogContext":
        """Goes down."""
        self.path = self._path + [part for item in path for part in _segments(item)]
        return self

    def parent(self) -> "LogContext":
        """Goes up."""
        self.path = self._path[:-1]
        return self

    def root(self) -> "LogContext":
        """Goes to the top."""
        self.path = []
        return self

    def copy(self) -> "LogContext":
        return LogContext(self._path)

    def name(self, event: Union[Segment, Iterable[Segment]]) -> str:
        """The whole name of an event."""
        text = event if type(event) is str else "/".join(_segments(event))
        return text if not self._joined else self._joined if not text else f"{self._joined}/{text}"

    def __str__(self) -> str:
        return self._joined


class Event:
    """An event that is logged later; `duration` is then the seconds since it was made."""

    def __init__(self, full_name: str, data: Optional[Dict[str, Any]] = None, save_duration: bool = True) -> None:
        self.full_name = full_name
        self._data: Dict[str, Any] = dict(data or {})
        self._watch = stopwatch() if save_duration else None

    def add(self, data: Union[str, Mapping[str, Any]], value: Any = None) -> "Event":
        """Adds a key and its value, or all of a mapping."""
        more = {data: value} if isinstance(data, str) else dict(data)
        if self._watch is not None and "duration" in more:
            raise ValueError('cannot add "duration": it is measured; new_event(…, save_duration=False) leaves it to you')
        self._data.update(more)
        return self

    def delete(self, key: str) -> None:
        self._data.pop(key, None)

    def _finish(self) -> Dict[str, Any]:
        if self._watch is not None:
            self._data["duration"] = self._watch()
            self._watch = None
        return self._data


class Logger:
    """Logs events below a path.

    log = exp.logger()
    for epoch in log.at_iter(range(10), "epoch/%d"):
        log("train", {"loss": 0.5})
    """

    def __init__(self, writer: Any = None, context: Optional[LogContext] = None) -> None:
        self._writer = _Nowhere() if writer is None else writer
        self._context = context or LogContext()
        self.index = 0

    @staticmethod
    def new(file_path: str, mode: str = "a", context: Optional[LogContext] = None) -> "Logger":
        """A logger for any file: `mode` is `w` or `a`."""
        return Logger(_Stream(io.open(file_path, mode, encoding="utf-8")), context)

    new_thread = new
    new_subprocess = new

    @property
    def ctx(self) -> LogContext:
        return self._context

    context = ctx

    @property
    def writer(self) -> Any:
        return self._writer

    def __call__(self, event: Union[Event, Segment, Iterable[Segment]], data: Any = None) -> None:
        self.log(event, data)

    def log(self, event: Union[Event, Segment, Iterable[Segment]], data: Any = None) -> None:
        """Logs an event of this name below the context, or one that `new_event` made."""
        if type(event) is str:
            joined = self._context._joined
            self._writer.log(f"{joined}/{event}" if joined else event, data)
        elif isinstance(event, Event):
            if data is not None:
                event.add(data)
            self._writer.log(event.full_name, event._finish())
        else:
            self._writer.log(self._context.name(event), data)

    def new_event(
        self,
        name: Union[Segment, Iterable[Segment]],
        data: Optional[Dict[str, Any]] = None,
        save_duration: bool = True,
    ) -> Event:
        """An event to be logged later, with its duration."""
        return Event(self._context.name(name), data, save_duration)

    def local_event_name(self, event: Union[Segment, Iterable[Segment]]) -> str:
        return self._context.name(event)

    def sub(self, *path: Union[Segment, Iterable[Segment]]) -> "Logger":
        """A logger below this one: `sub("epoch", 3)` is `sub("epoch/3")`."""
        return Logger(self._writer, self._context.copy().sub(*path))

    def parent(self) -> "Logger":
        """A logger one level up."""
        return Logger(self._writer, self._context.copy().parent())

    def root(self) -> "Logger":
        """A logger at the top."""
        return Logger(self._writer)

    def _go(self, path: str) -> None:
        if path.startswith("/"):
            self._context.path = path[1:]
        else:
            self._context.sub(path)

    @contextlib.contextmanager
    def at(self, path: str) -> Iterator["Logger"]:
        """Logs below a path inside of a `with` block; `/` at its beginning means from the top."""
        before = self._context.path
        self._go(path)
        try:
            yield self
        finally:
            self._context.path = before

    def at_iter(self, iterator: Iterable[Item], path: Union[str, Callable[[Item], str]]) -> Iterator[Item]:
        """Goes through items, and logs each one's events below its path: a format such as `epoch/%d`, or a function."""
        before = self._context.path
        try:
            for item in iterator:
                self._context.path = before
                self._go(path % (item,) if isinstance(path, str) else path(item))
                yield item
        finally:
            self._context.path = before

    iter_at = at_iter

    def each(self, name: str, items: Union[int, Iterable[Any]]) -> Iterator["Logger"]:
        """A logger for each number below `items`, or each item: `each("epoch", 10)` logs below `epoch/0`, `epoch/1` …"""
        for index, item in enumerate(range(items) if isinstance(items, int) else items):
            below = self.sub(name, item if isinstance(item, int) else str(item))
            below.index = index
            yield below

    def close(self) -> None:
        self._writer.close()


def StdoutLogger() -> Logger:
    """A logger that prints its events, which `dbx run` records like any printed JSON."""
    return Logger(_Stream())


class RefFile:
    """A file that stays where it is: an event that it stands in says its path, host and SHA-256."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self._sha256: Optional[str] = None

    @property
    def sha256(self) -> str:
        if self._sha256 is None:
            self._sha256 = _hash_file(self.path)[0]
        return self._sha256

    def __dbx_encode__(self) -> Dict[str, str]:
        return {"_dbx": "reffile", "path": self.path, "hostname": socket.gethostname(), "sha256": self.sha256}


# --- The life of a run ----------------------------------------------------------------------------------------------

_HEARTBEAT_SECONDS = 30
# Between two looks whether the files of a run are still there.
_LOOK_SECONDS = 1.0


class _Life:
    """Writes the log `dbx` of a run that this process made: start, heartbeats, seals, end."""

    def __init__(self, core: "_Core", definitions: Mapping[str, bytes], redacted: Mapping[str, int]) -> None:
        self._core = core
        self._folder = core.folder
        self._path = f"{self._folder}/dbx.log.jsonl"
        self._fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _open_flags(), 0o666)
        core.root.share(self._fd)
        self._hash = hashlib.sha256()
        self._size = 0
        self._sealed: Dict[str, Tuple[int, Any]] = {}
        self._lock = threading.RLock()
        self._started = time.monotonic()
        self.ended = False
        self.interruptions: List[Dict[str, Any]] = []
        self._event("dbx/start", {"pid": os.getpid(), "hostname": socket.gethostname(), "heartbeat": _HEARTBEAT_SECONDS})
        for which, data in definitions.items():
            digest = hashlib.sha256(data).hexdigest()
            self._event("dbx/seal", {"definition": which, "size": len(data), "sha256": digest})
        if redacted:
            self._event("dbx/redacted", redacted)
        self._beat_at = self._started + _HEARTBEAT_SECONDS
        self.resume()

    def pause(self) -> None:
        """Before a fork there is no thread: a child would have half of what it holds, and Python warns of that."""
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=1)

    def resume(self) -> None:
        if self.ended:
            return
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beats, args=(self._stop,), name="dbxlogger", daemon=True)
        self._thread.start()

    def _write(self, line: str) -> None:
        raw = _bytes(line)
        _write_all(self._fd, raw)
        self._hash.update(raw)
        self._size += len(raw)

    def _event(self, event: str, data: Mapping[str, Any]) -> None:
        text = _text(dict(data))
        head = _event_head(event) + str(time.time_ns() // 1_000_000)
        self._write(head + "}\n" if text == "{}" else f"{head},{text[1:]}\n")

    def look(self) -> None:
        """Makes files of the run again that somebody removed, and says so."""
        with self._lock:
            if self.ended:
                return
            removed = [log.look() for log in list(self._core.logs.values())]
            if not _is_at(self._fd, self._path):
                self._core.make_again()
                removed.append("dbx.log.jsonl")
                self._fd, _ = _made_again(self._fd, self._path)
            for file in removed:
                if file is not None:
                    _warn(f'files of the run in "{self._folder}" were removed while it was written; they are made again')
                    if len(self.interruptions) < 100:
                        self.interruptions.append({"file": file, "kind": "removed", "lost": 0})

    def _beats(self, stop: threading.Event) -> None:
        while not stop.wait(_LOOK_SECONDS):
            try:
                self.look()
                if time.monotonic() < self._beat_at:
                    continue
                self._beat_at = time.monotonic() + _HEARTBEAT_SECONDS
                with self._lock:
                    if self.ended:
                        return
                    self._seal()
                    lost = self._core.lost()
                    self._event("dbx/heartbeat", {"lost": {"events": lost}} if lost else {})
                self._core.push(wait=20)
            except Exception as error:
                _warn(f'cannot write "{self._path}": {error}')

    def _seal(self) -> None:
        """Seals the logs that grew. What another process still writes is left to the next time: it is not whole."""
        own = {log.file for log in self._core.logs.values()}
        for file in sorted(os.listdir(self._folder)):
            if not file.endswith("log.jsonl") or file == "dbx.log.jsonl" or file.startswith("."):
                continue
            name = "log" if file == "log.jsonl" else file[: -len(".log.jsonl")]
            with contextlib.suppress(OSError):
                with io.open(f"{self._folder}/{file}", "rb", buffering=0) as log:
                    if file not in own and _fcntl is not None:
                        _fcntl.flock(log, _fcntl.LOCK_SH | _fcntl.LOCK_NB)
                    size, digest = self._sealed.get(name, (0, None))
                    digest = hashlib.sha256() if digest is None else digest.copy()
                    before = size
                    log.seek(size)
                    while True:
                        piece = log.read(4 * 1024 * 1024)
                        end = piece.rfind(b"\n") + 1
                        if end == 0:
                            break
                        digest.update(piece[:end])
                        size += end
                        log.seek(size)
                    if size > before:
                        self._sealed[name] = (size, digest)
                        self._event("dbx/seal", {"log": name, "size": size, "sha256": digest.hexdigest()})
        self._event("dbx/seal", {"log": "dbx", "size": self._size, "sha256": self._hash.hexdigest()})

    def end(self, status: str, details: Mapping[str, Any]) -> None:
        self._stop.set()
        with self._lock:
            if self.ended:
                return
            self.ended = True
            self._seal()
            data: Dict[str, Any] = {"status": status, **details}
            data["durationMs"] = round((time.monotonic() - self._started) * 1000)
            lost = self._core.lost()
            if lost:
                data["lost"] = {"events": lost, "reasons": self._core.reasons()}
            if self.interruptions:
                data["interruptions"] = self.interruptions
            line = f'{_event_head("dbx/end")}{time.time_ns() // 1_000_000},{_text(data)[1:-1]}'
            digest = self._hash.copy()
            digest.update(_bytes(line))
            self._write(f'{line},"sha256":"{digest.hexdigest()}"}}\n')
            os.close(self._fd)


# --- What a process writes of a run ---------------------------------------------------------------------------------

_cores: "weakref.WeakSet[_Core]" = weakref.WeakSet()
# How children that multiprocessing starts anew learn of the run of their parent.
_CHILD_VARIABLE = "_DBXLOGGER_RUN"


def _is_main_process() -> bool:
    multiprocessing = sys.modules.get("multiprocessing")
    parent = getattr(multiprocessing, "parent_process", None)
    return parent is None or parent() is None


class _Core:
    """What a process writes of one run."""

    def __init__(self, root: _Root, folder: str, exp: str, run: str, strict: bool, url: Optional[str] = None) -> None:
        self.root = root
        self.folder = folder
        self.exp = exp
        self.run = run
        self.strict = strict
        self.url = url
        self.rank = _rank()
        self.logs: Dict[str, _Log] = {}
        self.files: Dict[str, str] = {}
        self.life: Optional[_Life] = None
        # What this process made, by name: its bytes and its mode.
        self.made: Dict[str, Tuple[bytes, int]] = {}
        self.finished = False
        self._dbx = shutil.which("dbx") if url is not None else None
        self._failed_push: Optional[str] = None
        _cores.add(self)

    def log(self, name: str) -> _Log:
        log = self.logs.get(name)
        if log is None:
            if _is_log_name(name) is None or name == "dbx":
                raise ValueError(f"cannot name a log {name!r}: it has 1 to 100 letters, digits, _, - and ., and is not dbx")
            # Each rank has logs of its own.
            file = name if not self.rank else f"rank{self.rank}" if name == "log" else f"{name}-rank{self.rank}"
            log = self.logs[name] = _Log(file, self)
            log.asked = name
        return log

    def make_again(self) -> None:
        """Makes the definitions again that somebody removed, unless the run was purged."""
        for purged in (self.exp, self.run):
            if os.path.lexists(f"{self.root.path}/purged/{purged}.json"):
                raise DbxError(f'the run in "{self.folder}" was purged')
        for name, (data, mode) in self.made.items():
            if not os.path.lexists(f"{self.root.path}/{name}"):
                with contextlib.suppress(FileExistsError):
                    self.root.create(name, data, mode)

    def lost(self) -> int:
        return sum(log.lost for log in list(self.logs.values()))

    def reasons(self) -> List[str]:
        return sorted({reason for log in list(self.logs.values()) for reason in log.reasons})

    def keep(self, temporary: str, name: str) -> Dict[str, Any]:
        """Makes a file in `objects` a file of the run."""
        sha256, size = self.root.put_object(temporary)
        file = {"_dbx": "expfile", "exp": self.exp, "name": name, "sha256": sha256}
        self.files[name] = sha256
        self.log("log").log("dbx/file", {"name": name, "size": size, "file": file})
        return file

    def push(self, wait: float) -> None:
        """Has dbx send the spool; without dbx it stays, and is sent later."""
        if self.url is None or self._dbx is None:
            return
        try:
            done = subprocess.run(
                [self._dbx, "spool", "push", "--repo", self.url],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=wait,
                check=False,
            )
            said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
            self._failed_push = None if done.returncode == 0 else said
        except (OSError, subprocess.SubprocessError) as error:
            self._failed_push = str(error)

    def finish(self, status: str, details: Optional[Mapping[str, Any]] = None) -> None:
        if self.finished:
            return
        self.finished = True
        life = self.life
        if life is not None:
            with contextlib.suppress(OSError, DbxError):
                life.look()
        for log in list(self.logs.values()):
            log.close()
        if life is None:
            return
        try:
            life.end(status, details or {})
        except OSError as error:
            _warn(f'cannot write the end of the run in "{self.folder}": {error.strerror or error}')
        if os.environ.get(_CHILD_VARIABLE, "").startswith(self.folder + "\n"):
            del os.environ[_CHILD_VARIABLE]
        if self.url is not None:
            self.push(wait=60)
            if os.path.isdir(self.root.path):
                why = f" ({self._failed_push})" if self._failed_push else ""
                _warn(f"what was logged waits in {self.root.path}{why}; dbx spool push --repo {self.url} sends it")
        lost = self.lost()
        if lost:
            _warn(f"{lost} events were lost: {'; '.join(self.reasons())}")

    def __reduce__(self) -> Tuple[Any, ...]:
        return _attach, (self.root.path, self.folder, self.exp, self.run, self.strict)


def _attach(root: str, folder: str, exp: str, run: str, strict: bool) -> _Core:
    """The run that another process has, in this one."""
    for core in _cores:
        if core.folder == folder and not core.finished:
            return core
    return _Core(_Root(root), folder, exp, run, strict)


def _attach_log(core: Optional[_Core], name: str) -> _Log:
    return _Log(name) if core is None else core.log(name)


def _after_fork() -> None:
    global _joined
    for log in list(_live_logs):
        log.after_fork()
    for core in list(_cores):
        core.life = None
        core.rank = _rank()
    _joined = False


def _before_fork() -> None:
    for core in list(_cores):
        if core.life is not None:
            core.life.pause()


def _after_fork_in_parent() -> None:
    for core in list(_cores):
        if core.life is not None:
            core.life.resume()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork)

_joined = False
_watches_end = False


def _outcome(kind: Optional[Type[BaseException]], error: Optional[BaseException]) -> Tuple[str, Dict[str, Any]]:
    if kind is None:
        return "finished", {}
    if issubclass(kind, KeyboardInterrupt):
        return "killed", {"signal": "SIGINT"}
    if issubclass(kind, SystemExit):
        code = getattr(error, "code", None)
        number = 0 if code is None else code & 0xFF if isinstance(code, int) else 1
        return ("finished" if number == 0 else "failed"), {"exitCode": number}
    return "failed", {}


class _Exit(SystemExit):
    """What `sys.exit` raises. Python says nowhere with which code a process ends. But it reads that from the exception, and
    whoever reads it below no function of Python is Python itself, which ends the process then."""

    ends_with: "Optional[_Exit]" = None

    @property
    def code(self) -> Any:
        try:
            sys._getframe(1)
        except ValueError:
            _Exit.ends_with = self
        return super().code

    @code.setter
    def code(self, code: Any) -> None:
        cast(Any, SystemExit).code.__set__(self, code)

    def __reduce__(self) -> Any:
        return SystemExit, self.args


_Exit.__name__ = _Exit.__qualname__ = "SystemExit"
_watches_exit = False


def _watch_exit() -> None:
    """Notes the code of a `sys.exit` that nobody catches."""
    global _watches_exit
    if _watches_exit:
        return
    _watches_exit = True
    plain = sys.exit

    def exit(status: Any = None) -> NoReturn:  # noqa: A001
        # A thread ends without a word only with the very class.
        if isinstance(status, BaseException) or threading.current_thread() is not threading.main_thread():
            plain(status)
        raise _Exit() if status is None else _Exit(status)

    setattr(sys, "exit", exit)


def _watch_end() -> None:
    """Ends open runs at the end of the process, as failed ones if an error ends it."""
    global _watches_end
    if not _watches_end:
        _watches_end = True
        atexit.register(_finish_all)


# Runs that this process ends, which nothing else need hold.
_open_cores: List[_Core] = []


def _finish_all() -> None:
    # Python notes the error that nobody caught. In a session, that ended a command only.
    is_session = hasattr(sys, "ps1") or "ipykernel" in sys.modules
    kind, error = getattr(sys, "last_type", None), getattr(sys, "last_value", None)
    if _Exit.ends_with is not None:
        kind, error = _Exit, _Exit.ends_with
    for core in list(_open_cores):
        core.finish(*_outcome(None if is_session else kind, error))


def _has_ended(folder: str) -> bool:
    """Whether a run has ended: nothing is added to it then, as readers hold it for whole."""
    with contextlib.suppress(OSError):
        with io.open(f"{folder}/dbx.log.jsonl", "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 64 * 1024))
            return log.read().rstrip(b"\n").rpartition(b"\n")[2].startswith(b'{"event":"dbx/end"')
    return False


def _join() -> Optional[_Core]:
    """The run of `dbx run`, or that of the parent of this process; None where there is none, or it was joined already."""
    global _joined
    if _joined:
        return None
    folder = os.environ.get("DBX_RUN_DIR", "")
    exp, run = os.environ.get("DBX_EXP", ""), os.environ.get("DBX_RUN", "")
    if not (folder and exp and run):
        given = os.environ.get(_CHILD_VARIABLE, "").split("\n")
        if len(given) != 3 or _is_main_process():
            return None
        folder, exp, run = given
    root = folder
    while not os.path.isfile(f"{root}/dbx.json"):
        above = os.path.dirname(root)
        if above == root:
            return None
        root = above
    if not os.path.isdir(folder) or _has_ended(folder):
        return None
    _joined = True
    return _Core(_Root(root), folder, exp, run, False)


_Definition = Dict[str, Any]


def _make(repo: Repo, exp: _Definition, run: _Definition, redacted: Mapping[str, int], strict: bool) -> _Core:
    """Makes an experiment and a run of it."""
    root = repo._open()
    folder = f"{exp['name']}/{exp['id']}" if exp["name"] else exp["id"]
    data = _json_bytes(exp)
    root.create(f"{folder}/meta.json", data)
    run_data = _json_bytes(run)
    # Only its owner may read an environment.
    mode = 0o600 if "env" in run else 0o666
    run_file = f"{folder}/runs/{run['id']}/meta.json"
    root.create(run_file, run_data, mode)
    core = _Core(root, f"{root.path}/{folder}/runs/{run['id']}", exp["id"], run["id"], strict, repo.url)
    core.made = {f"{folder}/meta.json": (data, 0o666), run_file: (run_data, mode)}
    core.life = _Life(core, {"experiment": data, "run": run_data}, redacted)
    if repo.url is not None:
        # It is a spool from here on: dbx sends it, and asks whether another process holds it.
        root.create(".dbx/lock", b"")
        root.create(".dbx/alive", b"0\n")
        root.create(".dbx/spool.json", _bytes(_text({"url": repo.url}) + "\n"))
    os.environ[_CHILD_VARIABLE] = f"{core.folder}\n{core.exp}\n{core.run}"
    _open_cores.append(core)
    _watch_end()
    _watch_exit()
    return core


# --- Experiments ----------------------------------------------------------------------------------------------------

_EXPERIMENT_KEYS = ("id", "kind", "name", "params", "createdAt")
_RUN_KEYS = ("cmd", "pwd", "script", "hostname", "env", "git", "_dbx")


class _ExpFile:
    """A file of an experiment: `with exp.file("a.txt") as file: file.write(…)`. It is kept when it is closed, unless the
    block ends with an error. A disk that fails is said, and stops nothing, unless the experiment is strict."""

    def __init__(self, core: Optional[_Core], name: str, mode: str) -> None:
        self._core = core
        self.name = name
        self.mode = mode
        self.sha256: Optional[str] = None if core is None else core.files.get(name)
        self._file: Optional[IO[Any]] = None
        self._path = ""

    def open(self) -> IO[Any]:
        encoding = None if "b" in self.mode else "utf-8"
        is_read = "r" in self.mode and "+" not in self.mode
        if is_read and (self._core is None or self.sha256 is None):
            raise FileNotFoundError(errno.ENOENT, "the experiment does not have this file", self.name)
        if self.sha256 is not None and "x" in self.mode:
            raise FileExistsError(errno.EEXIST, "the experiment has this file", self.name)
        try:
            if self._core is None:
                raise DbxError("the experiment could not be made")
            kept = f"{self._core.root.path}/objects/{(self.sha256 or '')[:2]}/{self.sha256}"
            if is_read:
                path = kept
            else:
                path = self._path = self._core.root.temporary()
                if self.sha256 is not None and "w" not in self.mode:
                    shutil.copyfile(kept, path)
            self._file = io.open(path, self.mode, encoding=encoding)
        except (OSError, DbxError) as error:
            if is_read:
                raise
            _not_kept(self._core, self.name, error)
            self._path = ""
            self._file = io.open(os.devnull, "wb" if "b" in self.mode else "w", encoding=encoding)
        return self._file

    def close(self) -> None:
        self._close(True)

    def _close(self, is_whole: bool) -> None:
        path, self._path = self._path, ""
        try:
            if self._file is not None:
                self._file.close()
            if path and is_whole:
                self.sha256 = cast(_Core, self._core).keep(path, self.name)["sha256"]
        except (OSError, DbxError) as error:
            _not_kept(self._core, self.name, error)
        finally:
            if path:
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def __enter__(self) -> IO[Any]:
        return self.open()

    def __exit__(self, kind: Optional[Type[BaseException]], *_: object) -> None:
        self._close(kind is None)

    def __dbx_encode__(self) -> Dict[str, Any]:
        exp = "" if self._core is None else self._core.exp
        return {"_dbx": "expfile", "exp": exp, "name": self.name, "sha256": self.sha256}


def _not_kept(core: Optional[_Core], name: str, error: Exception) -> None:
    """Says that a file is not kept; raises it to those who want that."""
    if core is not None and core.strict:
        raise error
    _warn(f'cannot keep the file "{name}": {error}; the training goes on')


def _check_file_name(name: str) -> str:
    if not name or _control(name) is not None:
        raise ValueError(f"cannot name a file {name!r}")
    return name


@contextlib.contextmanager
def _file_path(core: Optional[_Core], name: str) -> Iterator[str]:
    suffix = re.sub(r"[^a-zA-Z0-9.]", "", os.path.splitext(name)[1])
    path, elsewhere = "", None
    try:
        if core is None:
            raise DbxError("the experiment could not be made")
        path = core.root.temporary(suffix)
    except (OSError, DbxError) as error:
        _not_kept(core, name, error)
        import tempfile

        elsewhere = tempfile.mkdtemp()
        path = f"{elsewhere}/file{suffix}"
    try:
        yield path
        if elsewhere is None and core is not None:
            try:
                _keep_all(core, path, name)
            except (OSError, DbxError) as error:
                _not_kept(core, name, error)
    finally:
        for left in (path, elsewhere):
            if left is not None and os.path.isdir(left):
                shutil.rmtree(left, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.unlink(path)


def _keep_all(core: _Core, path: str, name: str) -> None:
    """Keeps a file, or each of a folder."""
    if not os.path.isdir(path):
        core.keep(path, name)
        return
    for folder, _, files in sorted(os.walk(path)):
        for file in sorted(files):
            moved = core.root.temporary()
            os.rename(os.path.join(folder, file), moved)
            below = os.path.relpath(os.path.join(folder, file), path).replace(os.sep, "/")
            core.keep(moved, f"{name}/{below}")


class Exp:
    """An experiment with one run of it, which `save` makes. Inside `dbx run` it is the experiment of that."""

    def __init__(
        self,
        repo: Union[None, str, Repo, "os.PathLike[str]"] = None,
        kind: Optional[str] = None,
        params: Optional[Dict[str, Any]] = None,
        name: Optional[str] = None,
        extra_meta: Optional[Mapping[str, Any]] = None,
        env: bool = True,
        git: bool = True,
        strict: bool = False,
    ) -> None:
        self._repo = get_repo(repo)
        self._kind = _default_kind() if kind is None else str(kind)
        self._params: Dict[str, Any] = {} if params is None else params
        self._name = "" if name is None else str(name)
        _check_name(self._name)
        self._extra = dict(extra_meta or {})
        for key in self._extra:
            if key in _EXPERIMENT_KEYS or key in _RUN_KEYS:
                raise ValueError(f'cannot add the key "{key}" to an experiment: dbx uses it itself; choose another name')
        self._env, self._git, self._strict = env, git, strict
        self._id = _new_id()
        self._run_id = _new_id()
        self._core: Optional[_Core] = None
        self._saved = False
        self._meta: Optional[Dict[str, Any]] = None
        self.cmd: Sequence[str] = list(getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv])
        self.pwd: str = os.getcwd()
        self.script: Optional[str] = _script()
        self.hostname: str = socket.gethostname()
        self.created_at: datetime.datetime = now()

    @property
    def id(self) -> str:
        return self._id

    @property
    def run_id(self) -> str:
        return self._run_id

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def name(self) -> str:
        return self._name

    @property
    def repo(self) -> Repo:
        return self._repo

    @property
    def params(self) -> Dict[str, Any]:
        return self._params

    @property
    def meta(self) -> Optional[Dict[str, Any]]:
        """What the definitions say; None before `save`."""
        return self._meta

    @property
    def files(self) -> Dict[str, str]:
        """The SHA-256 of each file, by name."""
        return {} if self._core is None else self._core.files

    def __getitem__(self, key: str) -> Any:
        return self._params[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._params[key] = value

    def save(self) -> "Exp":
        """Makes the experiment. A disk that fails is said, and the training goes on without a record (unless strict)."""
        if self._saved:
            raise DbxError("cannot save an experiment twice")
        core = None if self._repo._named and not _is_same_repo(self._repo) else _join()
        self._saved = True
        if core is not None:
            self._core, self._id, self._run_id = core, core.exp, core.run
            core.strict = self._strict
            _open_cores.append(core)
            _watch_end()
            self._meta = {"id": self._id, "kind": self._kind, "params": self._params}
            if self._params and not core.rank and _is_main_process():
                core.log("capture").log("dbx/params", {"by": "dbxlogger", "params": _Redactor().params(self._params)})
            return self
        rank = _rank()
        if rank:
            _warn(
                f"rank {rank} has no run to join, and logs nothing: start the training with dbx run, whose run all ranks "
                "join, or call init before the processes are made"
            )
            return self
        redactor = _Redactor()
        exp = {
            "id": self._id,
            "kind": self._kind,
            "name": self._name,
            "params": redactor.params(self._params),
            "createdAt": _time_text(self.created_at),
            **self._extra,
        }
        run: _Definition = {
            "id": self._run_id,
            "createdAt": _time_text(now()),
            "cmd": redactor.words([str(word) for word in self.cmd]),
            "pwd": redactor.text(self.pwd),
        }
        if self.script is not None:
            run["script"] = self.script
        run["hostname"] = self.hostname
        if self._env:
            run["env"] = redactor.environment(os.environ)
        git = _describe_git(self.pwd, redactor) if self._git else None
        if git is not None:
            run["git"] = git
        self._meta = {**run, **exp}
        try:
            self._core = _make(self._repo, exp, run, redactor.counts, self._strict)
        except OSError as error:
            if self._strict:
                raise
            _warn(f'cannot write to "{self._repo}": {error.strerror or error}; the training goes on, and is not recorded')
        return self

    def _saved_core(self) -> Optional[_Core]:
        if not self._saved:
            raise DbxError("cannot log to an experiment that is not saved: call save() first")
        return self._core

    def logger(self, name: Optional[str] = None) -> Logger:
        """A logger for the log of this name; the default log without one."""
        core = self._saved_core()
        name = re.sub(r"\.?log\.jsonl\Z", "", name or "") or "log"
        return Logger(_Nowhere() if core is None else core.log(name))

    def file(self, name: str, mode: str = "w") -> _ExpFile:
        """A file of this name, which is kept when it is closed."""
        return _ExpFile(self._saved_core(), _check_file_name(name), mode)

    @contextlib.contextmanager
    def filepath(self, name: str) -> Iterator[str]:
        """For what only takes a path: what is at the path at the end of the `with` block is kept under this name."""
        with _file_path(self._saved_core(), _check_file_name(name)) as path:
            yield path

    def print_info(self) -> None:
        """Prints what the experiment is."""
        for key, value in (("experiment", self._id), ("kind", self._kind), ("name", self._name), ("repo", self._repo)):
            if value != "":
                print(f"{key}: {value}")
        for key, value in _Redactor().params(self._params).items():
            print(f"  {key} = {value}")

    def finish(self, status: str = "finished") -> None:
        """Ends the run; without it, the end of the process does."""
        if self._core is not None:
            self._core.finish(status)


def _is_same_repo(repo: Repo) -> bool:
    """Whether a repository that was named is the one that `dbx run` records in."""
    given = os.environ.get("DBX_REPO")
    with contextlib.suppress(ValueError):
        return bool(given) and Repo(str(given)).path == repo.path
    return False


def _script() -> Optional[str]:
    path = sys.argv[0] if sys.argv else ""
    return os.path.abspath(path) if path and os.path.exists(path) else None


def _default_kind() -> str:
    if "ipykernel" in sys.modules:
        return "notebook"
    # As dbx run calls it: the name of the script, or of the module.
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if spec is not None and spec.name:
        return re.sub(r"\.__main__\Z", "", str(spec.name))
    name = re.sub(r"\.py\Z", "", os.path.basename(sys.argv[0]) if sys.argv else "")
    return name if name not in ("", "-c", "-") else "python"


def add_arguments_to(parser: Any) -> None:
    """Adds `--repo` and `--name` to an argparse.ArgumentParser, for `get_repo` and `exp_from_args`."""
    parser.add_argument(
        "--repo",
        default=None,
        help="the repository to log to: a folder, or the URL of a server (default: DBX_REPO, else the nearest one, else ./output)",
    )
    parser.add_argument("--name", default=None, help="the name of the experiment: a path of folders")


def exp_from_args(
    args: Any,
    kind: Optional[str] = None,
    args_to_ignore: Optional[Iterable[str]] = None,
    params: Optional[Mapping[str, Any]] = None,
    extra_meta: Optional[Mapping[str, Any]] = None,
    env: bool = True,
    git: bool = True,
    strict: bool = False,
) -> Exp:
    """An experiment whose params are the parsed arguments. It does not hold what looks like a secret in them."""
    value = _Redactor().value
    ignored = {"repo", "name", *(args_to_ignore or ())}
    given = {key: item for key, item in vars(args).items() if key not in ignored}
    own = {key: value(key, item) if isinstance(item, str) else item for key, item in given.items()}
    return Exp(
        repo=get_repo(args),
        kind=kind,
        params={**own, **(params or {})},
        name=getattr(args, "name", None),
        extra_meta=extra_meta,
        env=env,
        git=git,
        strict=strict,
    )


# --- The short interface --------------------------------------------------------------------------------------------

_paths: "contextvars.ContextVar[Dict[str, str]]" = contextvars.ContextVar("dbxlogger_paths", default={})
_runs: "List[Run]" = []


class Run:
    """A run that is being written."""

    def __init__(self, exp: Exp) -> None:
        self._exp = exp
        self._core = exp._core
        self._key = _new_id()
        self._writer: _Writer = _Nowhere() if self._core is None else self._core.log("log")
        _runs[:] = [run for run in _runs if run._goes_on()]
        _runs.append(self)

    def _goes_on(self) -> bool:
        return self._core is None or not self._core.finished

    @property
    def id(self) -> str:
        """The id of the run."""
        return self._exp.run_id

    @property
    def exp(self) -> Exp:
        """The experiment that it is a run of."""
        return self._exp

    @property
    def params(self) -> Dict[str, Any]:
        return self._exp.params

    @property
    def dir(self) -> Optional[str]:
        """The folder of the run; None where it could not be made."""
        return None if self._core is None else self._core.folder

    @property
    def lost(self) -> int:
        """How many events could not be kept."""
        return 0 if self._core is None else self._core.lost()

    def log(self, event: Any, data: Any = None, *, step: Any = None) -> None:
        """Logs data: `run.log({"loss": 0.5}, step=3)`, an event called `log`, or as the context is; or an event of another
        name: `run.log("eval", {"acc": 0.9})`."""
        path = _paths.get().get(self._key)
        if type(event) is str:
            self._writer.log(f"{path}/{event}" if path else event, data, step)
        else:
            self._writer.log(path or "log", event, step)

    @contextlib.contextmanager
    def context(self, *path: Segment) -> Iterator[Logger]:
        """What this thread or task logs inside of a `with` block stands below a path: `with run.context("epoch", 3)`."""
        paths = _paths.get()
        above = paths.get(self._key)
        joined = "/".join(([above] if above else []) + _segments(path))
        token = _paths.set({**paths, self._key: joined})
        try:
            yield Logger(self._writer, LogContext(joined))
        finally:
            _paths.reset(token)

    @overload
    def each(self, name: str, items: int) -> Iterator[int]: ...

    @overload
    def each(self, name: str, items: Iterable[Item]) -> Iterator[Item]: ...

    def each(self, name: str, items: Any) -> Iterator[Any]:
        """Goes through items, or numbers below `items`; what is logged meanwhile stands below `name` and the item."""
        for item in range(items) if isinstance(items, int) else items:
            with self.context(name, item if isinstance(item, int) else str(item)):
                yield item

    def logger(self, name: Optional[str] = None) -> Logger:
        """A logger for another log of the run."""
        return self._exp.logger(name)

    def file(
        self,
        name: Union[str, "os.PathLike[str]"],
        source: Union[None, str, bytes, "os.PathLike[str]", IO[bytes]] = None,
    ) -> Optional[Dict[str, Any]]:
        """Keeps a file under a name. `source`: its path (default: the name), its bytes, or a file that is open. Returns what
        refers to it in data; None where it cannot be kept."""
        try:
            if self._core is None:
                return None
            path = os.fspath(name) if source is None else source
            temporary = self._core.root.temporary()
            try:
                with io.open(temporary, "xb") as file:
                    if isinstance(path, bytes):
                        file.write(path)
                    elif isinstance(path, (str, os.PathLike)):
                        with io.open(path, "rb") as given:
                            shutil.copyfileobj(given, file, 1024 * 1024)
                    else:
                        shutil.copyfileobj(path, file, 1024 * 1024)
                return self._core.keep(temporary, _check_file_name(os.fspath(name)))
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
        except Exception as error:
            _not_kept(self._core, str(name), error)
            return None

    def filepath(self, name: str) -> "contextlib.AbstractContextManager[str]":
        """As `Exp.filepath`."""
        return self._exp.filepath(name)

    def finish(self, status: str = "finished") -> None:
        """Ends the run; without it, the end of the process does."""
        if self._core is not None:
            self._core.finish(status)

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], _: Optional[types.TracebackType]
    ) -> None:
        if self._core is not None:
            self._core.finish(*_outcome(kind, error))

    def __repr__(self) -> str:
        return f"<Run {self.id} of experiment {self._exp.id}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: params, and the first curves."""
        facts = {"run": self.id, "experiment": self._exp.id, "kind": self._exp.kind, **_Redactor().params(self.params)}
        rows = "".join(f"<tr><th>{_html(key)}</th><td>{_html(value)}</td></tr>" for key, value in facts.items())
        curves = _curves_of(self.dir) if self.dir is not None and os.path.isdir(self.dir) else {}
        plots = "".join(
            f"<tr><td>{_html(name)}</td><td>{_plot(points)}</td><td>{points[-1][1]:.6g}</td></tr>"
            for name, points in list(curves.items())[:8]
        )
        return f"<table>{rows}</table><table>{plots}</table>"


def init(
    params: Optional[Mapping[str, Any]] = None,
    *,
    repo: Union[None, str, Repo, "os.PathLike[str]"] = None,
    kind: Optional[str] = None,
    name: Optional[str] = None,
    extra: Optional[Mapping[str, Any]] = None,
    env: bool = True,
    git: bool = True,
    strict: bool = False,
) -> Run:
    """Starts a run, or joins that of `dbx run`: there, the experiment is what `dbx run` says, and `params` are noted
    beside (`dbx show`). `strict`: raise what cannot be logged."""
    exp = Exp(repo, kind, dict(params or {}), name, extra, env, git, strict)
    return Run(exp.save())


def current() -> Optional[Run]:
    """The run that `init` gave last in this process, if it goes on."""
    return next((run for run in reversed(_runs) if run._goes_on()), None)


# --- Reading --------------------------------------------------------------------------------------------------------


def _read_value(value: Json) -> Any:
    """A value of an answer as one of Python."""
    if isinstance(value, dict):
        kind = value.get("_dbx")
        if kind in ("nan", "inf", "-inf"):
            return float(kind)
        if kind == "int":
            return int(value["text"])
        if kind == "bytes":
            return bytes.fromhex(value["hex"])
        return {key: _read_value(item) for key, item in value.items()}
    return [_read_value(item) for item in value] if isinstance(value, list) else value


class Table(List[Dict[str, Any]]):
    """The rows of an answer: a list of dicts, which other packages take too, where they are installed."""

    def __init__(self, columns: Sequence[str], rows: Iterable[Dict[str, Any]]) -> None:
        super().__init__(rows)
        self.columns: List[str] = list(columns)

    def to_dict(self) -> Dict[str, List[Any]]:
        """The values of each column."""
        return {name: [row.get(name) for row in self] for name in self.columns}

    def to_pandas(self) -> Any:
        """A pandas.DataFrame."""
        import importlib

        return importlib.import_module("pandas").DataFrame(self.to_dict(), columns=self.columns)

    def to_polars(self) -> Any:
        """A polars.DataFrame."""
        import importlib

        return importlib.import_module("polars").DataFrame(self.to_dict(), strict=False)

    def to_arrow(self) -> Any:
        """A pyarrow.Table."""
        import importlib

        arrow = importlib.import_module("pyarrow")
        columns: Dict[str, Any] = {}
        for name, values in self.to_dict().items():
            try:
                columns[name] = arrow.array(values)
            except arrow.ArrowException:  # Values of several types, which a column of Arrow does not hold.
                columns[name] = arrow.array([None if value is None else str(value) for value in values])
        return arrow.table(columns)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{_html(name)}</th>" for name in self.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{_html(row.get(name, ''))}</td>" for name in self.columns) + "</tr>" for row in self[:100]
        )
        more = f"<p>{len(self) - 100} more rows</p>" if len(self) > 100 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _html(value: object) -> str:
    import html

    return html.escape("" if value is None else str(value))


class Reader:
    """A repository to read: a folder, by the program `dbx`; a server, by that or over HTTP (with the token in DBX_TOKEN)."""

    def __init__(self, location: Union[None, str, "os.PathLike[str]", Repo] = None) -> None:
        self._repo = get_repo(location)
        self._dbx = shutil.which("dbx")
        if self._dbx is None and self._repo.url is None:
            raise DbxError("cannot read a folder without the program dbx: put it on PATH, or name a server")

    def __repr__(self) -> str:
        return f"dbxlogger.open({str(self._repo)!r})"

    def query(self, sql: str, **params: Any) -> Table:
        """The answer to a query in SQL; `:name` in it is the keyword argument of that name."""
        plain = {name: _plain(value, True, 0, set()) for name, value in params.items()}
        if self._dbx is None:
            return self._post({"sql": sql, "params": plain, "format": "rows"})
        words = ["query"]
        for name, value in plain.items():
            text = value if isinstance(value, str) else json.dumps(value)
            # In quotes, a text that looks like a number stays one.
            quote = '"' if '"' not in text and "\\" not in text else "'"
            is_quoted = isinstance(value, str) and quote not in text and "\\" not in text
            words += ["--param", f"{name}={quote}{text}{quote}" if is_quoted else f"{name}={text}"]
        return self._ask([*words, "--", sql])

    def series(
        self,
        series: str,
        *,
        where: Optional[str] = None,
        kind: Optional[str] = None,
        x: Optional[str] = None,
        group_by: Union[None, str, Sequence[str]] = None,
        agg: Union[None, str, Sequence[str]] = None,
        smooth: Optional[float] = None,
        points: Optional[int] = None,
    ) -> Table:
        """The points of a series, named by its key, the last part of that, or a glob: one row each; with `group_by`, one row
        for each `x` of the experiments with equal values there."""
        given = {"where": where, "kind": kind, "x": x, "group_by": group_by, "agg": agg, "smooth": smooth, "points": points}
        options = {
            name: value if isinstance(value, str) else ",".join(value) if isinstance(value, (list, tuple)) else str(value)
            for name, value in given.items()
            if value is not None
        }
        if self._dbx is not None:
            words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
            return self._ask(["series", *words, "--", series])
        from urllib.parse import urlencode

        answer = json.loads(self._request(f"series?{urlencode({'series': series, **options})}", None))
        rows: List[Dict[str, Any]] = []
        for curve in answer["curves"]:
            columns = {x or "step": curve["x"], **curve["coordinates"], **curve["y"]}
            for values in zip(*columns.values()):
                rows.append({**curve["labels"], **dict(zip(columns, map(_read_value, values)))})
        return Table(list(rows[0]) if rows else [], rows)

    def _ask(self, words: Sequence[str]) -> Table:
        command, at = [cast(str, self._dbx), words[0], "--repo", self._repo.path, "--format", "json"], 1
        done = subprocess.run(
            [*command, *words[at:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
        )
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode != 0:
            raise DbxError(re.sub(r"^dbx: ", "", said) or f"dbx ended with {done.returncode}")
        rows = [_read_value(row) for row in json.loads(done.stdout or b"[]")]
        return Table(list(rows[0]) if rows else [], rows)

    def _post(self, body: Mapping[str, Any]) -> Table:
        lines = self._request("query", _bytes(_text(dict(body)))).decode().rstrip("\n").split("\n")
        head = json.loads(lines[0])
        if len(lines) < 2 or "end" not in (json.loads(lines[-1]) or {}):
            raise DbxError("the server ended its answer early: it is too long, or took too long")
        names: List[str] = []
        for name in head["columns"]:
            number = names.count(name)
            names.append(f"{name}_{number}" if number else name)
        return Table(names, [dict(zip(names, map(_read_value, json.loads(line)))) for line in lines[1:-1]])

    def _request(self, path: str, body: Optional[bytes]) -> bytes:
        from urllib.error import HTTPError, URLError
        from urllib.parse import urlsplit
        from urllib.request import Request, urlopen

        url = cast(str, self._repo.url)
        request = Request(f"{url}/api/v1/{path}", body, {"content-type": "application/json"} if body else {})
        token, host = os.environ.get("DBX_TOKEN"), urlsplit(url).hostname or ""
        if token:
            if not url.startswith("https:") and not re.match(r"(localhost|127(\.\d+){3}|::1)\Z", host):
                raise DbxError(f"cannot send a token to {url}: the connection is not encrypted; use https or a tunnel")
            request.add_unredirected_header("authorization", f"Bearer {token}")
        try:
            with urlopen(request, timeout=600) as answer:
                return cast(bytes, answer.read())
        except HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            with contextlib.suppress(ValueError, AttributeError):
                said = json.loads(text).get("error", text)
                text = said.get("message", text) if isinstance(said, dict) else str(said)
            raise DbxError(f"{url}: {text or error}") from None
        except URLError as error:
            raise DbxError(f"cannot reach {url}: {error.reason}") from None


def open(location: Union[None, str, "os.PathLike[str]", Repo] = None) -> Reader:  # noqa: A001
    """Opens a repository to read: `dbxlogger.open("output").query("SELECT id, params.lr FROM experiments")`."""
    return Reader(location)


def _curves_of(folder: str, limit: int = 8 * 1024 * 1024) -> Dict[str, List[Tuple[float, float]]]:
    """The numbers in the logs of a run, by event and key; of long logs those of their ends."""
    curves: Dict[str, List[Tuple[float, float]]] = {}
    for file in sorted(os.listdir(folder)):
        if not file.endswith("log.jsonl") or file in ("dbx.log.jsonl", "system.log.jsonl", "stdout.log.jsonl"):
            continue
        with io.open(f"{folder}/{file}", "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - limit))
            for line in log.read(limit).split(b"\n")[:-1]:
                try:
                    event = json.loads(line)
                    name = re.sub(r"(^|/)\d{1,15}(?=/|$)", r"\1*", event.pop("event"))
                except (ValueError, TypeError, KeyError, AttributeError):
                    continue
                if name.startswith("dbx/"):
                    continue
                step = event.pop("step", None)
                event.pop("ts", None)
                for key, value in event.items():
                    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
                        points = curves.setdefault(f"{name}:{key}", [])
                        points.append((step if isinstance(step, (int, float)) else len(points), value))
    return curves


def _plot(points: Sequence[Tuple[float, float]], width: int = 240, height: int = 60) -> str:
    """A small picture of a curve."""
    points = points[:: max(1, len(points) // 500)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    span_x, span_y = (max(xs) - min(xs)) or 1, (max(ys) - min(ys)) or 1
    path = " ".join(
        f"{3 + (x - min(xs)) / span_x * (width - 6):.1f},{height - 3 - (y - min(ys)) / span_y * (height - 6):.1f}"
        for x, y in points
    )
    line = f'<polyline points="{path}" fill="none" stroke="#1f77b4" stroke-width="1.5"/>'
    return f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{line}</svg>'
